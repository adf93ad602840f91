/**
 * `npm test`, the one gate: set-up, types (the build), lint, drift of generated files, tests. With files or folders as
 * arguments (`npm test -- test/random.test.ts test/storage`) only the set-up and those tests. What takes minutes because
 * it kills, stops and starves services stands apart, in test/faults (`npm run test:faults`).
 */
import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { watchForHungFiles } from './hung-files.mjs'
import { checkNode } from './setup/node-version.mjs'

checkNode()
const { projectRoot, setUp } = await import('./setup/index.mjs')
const { listSources } = await import('./setup/build.mjs')

/** More than any test file takes on the busiest machine; one that hangs must not hold the gate for ever. */
const fileTimeoutMs = 1_200_000
/** What a file gets beyond that to end by itself; then it is killed. */
const graceMs = 60_000
/** Files at a time. Most of them wait for processes and databases: two keep two cores busy for 70 % of the time only. */
const concurrency = 3

const faults = path.join('test', 'faults') + path.sep
/** Folders whose tests mostly wait for processes of theirs, the longest first; all others compute. */
const waiting = ['service', 'setup', 'start', 'jobs'].map(folder => path.join('test', folder) + path.sep)

const chosen = process.argv.slice(2)
// Ctrl-C goes to the tools, which end by it; this process still has a database server to stop.
process.on('SIGINT', () => {})

process.exitCode = await main().catch(error => {
  process.stderr.write(`${error.message}\n`)
  return 1
})

async function main () {
  await setUp()
  const failed = []
  // Beside the tests: it takes one core for half a minute, and they leave some of both.
  const lint = chosen.length === 0 ? runSilently(['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']) : undefined
  if (lint && await run('drift of openapi/', ['dist/openapi/generate.js', '--check']) !== 0) failed.push('drift')
  if (await runTests() !== 0) failed.push('tests')
  if (lint) {
    const { code, output } = await lint
    process.stdout.write(`\nlint: ${code === 0 ? 'ok' : 'failed'}\n${output}`)
    if (code !== 0) failed.push('lint')
  }
  if (failed.length > 0) process.stderr.write(`npm test failed: ${failed.join(', ')}\n`)
  return failed.length > 0 ? 1 : 0
}

async function runTests () {
  const files = chosen.length > 0 ? chosen.flatMap(listTests) : mix(listTests('test').filter(file => !file.startsWith(faults)))
  const compiled = files.map(file => path.join('dist', path.relative(projectRoot, path.resolve(file)).replace(/\.ts$/, '.js')))
  const missing = compiled.find(file => !existsSync(path.join(projectRoot, file)))
  if (missing) throw new Error(`${missing} does not exist: name the test by its source, as in test/random.test.ts`)
  const database = await startDatabase()
  try {
    return await run('tests', [
      '--test', '--test-reporter=spec', `--test-concurrency=${concurrency}`, `--test-timeout=${fileTimeoutMs}`, ...compiled
    ], await testEnvironment(database.url), runner => watchForHungFiles(runner, compiled, file => {
      process.stderr.write(`${file} has not ended after ${(fileTimeoutMs + graceMs) / 60_000} minutes: killing it\n`)
    }, { limitMs: fileTimeoutMs + graceMs }))
  } finally {
    await database.stop()
  }
}

/** The test files of a folder; a file is itself. */
function listTests (where) {
  if (where.endsWith('.ts')) return [where]
  const folder = path.relative(projectRoot, path.resolve(where)) + path.sep
  return listSources(projectRoot).filter(file => file.startsWith(folder) && file.endsWith('.test.ts'))
}

/** Spreads the files that wait evenly among those that compute, so that the cores are busy all the time. */
function mix (files) {
  const rank = file => waiting.findIndex(folder => file.startsWith(folder))
  const groups = [files.filter(file => rank(file) >= 0).sort((a, b) => rank(a) - rank(b)), files.filter(file => rank(file) < 0)]
  return groups.flatMap(group => group.map((file, i) => ({ file, place: (i + 0.5) / group.length })))
    .sort((a, b) => a.place - b.place).map(({ file }) => file)
}

/** One PostgreSQL for all test files; each makes databases of its own in it (test/helpers/database.ts). */
async function startDatabase () {
  const { startPostgres } = await load('src/start/embedded-postgres.js')
  const { makeTemporaryFolder } = await load('test/helpers/folder.js')
  const folder = makeTemporaryFolder()
  const server = await startPostgres(folder, { durable: false })
  return {
    url: server.url,
    stop: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Tests see the defaults, whatever the shell or .env sets; what the set-up made stays where it is. */
async function testEnvironment (databaseUrl) {
  const { settingNames } = await load('src/config.js')
  const env = { ...process.env, TEST_DATABASE_URL: databaseUrl }
  for (const name of settingNames) {
    if (name !== 'CACHE_DIR' && name !== 'TENSOR_BACKEND') delete env[name]
  }
  return env
}

function load (module) {
  return import(pathToFileURL(path.join(projectRoot, 'dist', module)).href)
}

/** @param watch given the tool's process id; what it returns is called at the tool's end */
async function run (name, args, env = process.env, watch = () => () => {}) {
  process.stdout.write(`\n${name}\n`)
  const startedAt = Date.now()
  const child = spawn(process.execPath, args, { cwd: projectRoot, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const endWatch = watch(child.pid)
  const end = () => { child.kill('SIGTERM') }
  process.on('SIGTERM', end)
  const code = await new Promise(resolve => {
    child.once('error', () => resolve(1))
    child.once('close', resolve)
  })
  process.off('SIGTERM', end)
  endWatch()
  process.stdout.write(`${name}: ${code === 0 ? 'ok' : 'failed'} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`)
  return code ?? 1
}

/** Runs a tool whose output is for later. */
async function runSilently (args) {
  const child = spawn(process.execPath, args, { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] })
  const end = () => { child.kill('SIGTERM') }
  process.on('SIGTERM', end)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => { output += text })
  const code = await new Promise(resolve => {
    child.once('error', error => {
      output += error.message
      resolve(1)
    })
    child.once('close', resolve)
  })
  process.off('SIGTERM', end)
  return { code: code ?? 1, output }
}
