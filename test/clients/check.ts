/**
 * What other people's generators make of openapi.json (`npm run check:clients`): a validator and three generators read
 * it, and each must do so without a warning. They come from PyPI into the cache folder; openapi-generator needs Java.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import openapiTypes from 'openapi-typescript'
import { projectRoot } from '../../src/paths.js'
import { installPython } from '../../scripts/python-tools.js'

const document = path.join(projectRoot, 'openapi', 'openapi.json')
const programs = installPython('openapi-tools', [
  'openapi-spec-validator==0.9.0', 'openapi-python-client==0.29.1', 'openapi-generator-cli==7.26.0', 'ruff==0.17.6'
])
const folder = mkdtempSync(path.join(tmpdir(), 'descent-lab-clients-'))
process.once('exit', () => { rmSync(folder, { recursive: true, force: true }) })

const java = spawnSync('java', ['-version']).status === 0

/** Runs a program of the environment. @returns all that it said @throws when it fails */
function run (program: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(path.join(programs, program), args, {
    cwd: folder, encoding: 'utf8', env: { ...process.env, PATH: `${programs}${path.delimiter}${process.env.PATH}` }
  })
  const said = `${stdout}${stderr}`
  assert.equal(status, 0, `${program} failed: ${error?.message ?? said}`)
  return said
}

test('openapi-spec-validator: the document is valid', () => {
  assert.match(run('openapi-spec-validator', document), /OK\s*$/)
})

test('openapi-typescript: makes types without a warning', async t => {
  const warn = t.mock.method(console, 'warn')
  const error = t.mock.method(console, 'error')
  await openapiTypes(new URL(`file://${document}`))
  assert.deepEqual([...warn.mock.calls, ...error.mock.calls].map(call => call.arguments), [])
})

test('openapi-python-client: makes a client without a warning, and it can be loaded', () => {
  const said = run('openapi-python-client', 'generate', '--path', document, '--output-path', path.join(folder, 'client'), '--meta', 'none', '--fail-on-warning')
  assert.doesNotMatch(said, /warning|error|unable|skipping/i, said)
  run('python', '-m', 'compileall', '-q', path.join(folder, 'client'))
})

test('openapi-generator: makes a Python client without a warning of its own, and it can be loaded', {
  skip: java ? false : 'openapi-generator needs Java, which is not here'
}, () => {
  // What it says of any document of 3.1 (that its support is in beta, for one) says nothing of ours.
  const smallest = path.join(folder, 'smallest.json')
  const answer = { description: 'It is there', content: { 'application/json': { schema: { type: 'object', properties: { a: { type: 'string' } } } } } }
  writeFileSync(smallest, JSON.stringify({
    openapi: '3.1.0', info: { title: 'Smallest', version: '1' }, paths: { '/a': { get: { operationId: 'a', responses: { 200: answer } } } }
  }))
  const usual = warningsOf(run('openapi-generator-cli', 'generate', '-g', 'python', '-i', smallest, '-o', path.join(folder, 'smallest')))
  const ours = warningsOf(run('openapi-generator-cli', 'generate', '-g', 'python', '-i', document, '-o', path.join(folder, 'generated')))
  assert.deepEqual(ours.filter(warning => !usual.includes(warning)), [])
  run('python', '-m', 'compileall', '-q', path.join(folder, 'generated'))
})

function warningsOf (said: string): string[] {
  return said.split('\n').filter(line => /\b(WARN|ERROR)\b/.test(line))
}
