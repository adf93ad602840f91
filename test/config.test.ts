import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { parseEnv } from 'node:util'
import { parseLanes, parseTrustProxy, readConfig, settingNames, toEnvironment } from '../src/config.js'
import { projectRoot } from '../src/paths.js'

test('settingNames lists exactly what readConfig reads', () => {
  const asked = new Set<string>()
  readConfig(new Proxy({}, {
    get (_, name) {
      asked.add(String(name))
      return undefined
    }
  }))
  asked.delete('XDG_CACHE_HOME') // the system's, not ours
  assert.deepEqual([...asked].sort(), [...settingNames].sort())
})

test('.env.example names every setting with its default', () => {
  const example = parseEnv(readFileSync(path.join(projectRoot, '.env.example'), 'utf8'))
  assert.deepEqual(Object.keys(example).sort(), [...settingNames].sort())
  assert.deepEqual(readConfig(example), readConfig({}))
})

test('help.txt explains every setting and no other', () => {
  const help = readFileSync(path.join(projectRoot, 'src', 'start', 'help.txt'), 'utf8')
  const explained = [...help.matchAll(/^ {2}([A-Z_]+) {2}/gm)].map(match => match[1])
  assert.deepEqual(explained, [...settingNames])
})

test('toEnvironment gives readConfig the same configuration again', () => {
  const config = readConfig({ HOST: '::1', PORT: '0', TRUST_PROXY: '127.0.0.1,uniquelocal', DATA_DIR: '/d', LANES: 'cpu:3,gpu:1', ADMIN_KEY: 'k', LOG_LEVEL: 'debug' })
  assert.deepEqual(readConfig(toEnvironment(config)), config)
  assert.deepEqual(readConfig(toEnvironment(readConfig({}))), readConfig({}))
})

for (const [env, message] of [
  [{ PORT: '70000' }, 'PORT must be an integer from 0 to 65535, got "70000"'],
  [{ PORT: '80a' }, 'PORT must be an integer from 0 to 65535, got "80a"'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of trace, debug, info, warn, error, got "loud"'],
  [{ LANES: 'cpu' }, 'LANES must be a list of cpu:SLOTS and gpu:DEVICE, got "cpu"'],
  [{ LANES: 'cpu:0' }, 'LANES must be a list of cpu:SLOTS and gpu:DEVICE, got "cpu:0"'],
  ...['0', '-1', '100', '1.5', 'yes', '10.0.0.0/33', '10.0.0/8', 'fd00::/129', '10.0.0.0/8/8', 'fe80::1%eth0', 'localhost'].map(got => [
    { TRUST_PROXY: got },
    `TRUST_PROXY must be false, true, a number of proxies from 1 to 99, or a list of addresses and ranges as in 127.0.0.1,10.0.0.0/8 or loopback,linklocal,uniquelocal, got "${got}"`
  ] as const),
  [{ LANES: 'gpu:0,gpu:0' }, 'LANES must name every device once, got "gpu:0,gpu:0"']
] as const) {
  test(`readConfig refuses ${JSON.stringify(env)} and says what is allowed`, () => {
    assert.throws(() => readConfig(env), { message })
  })
}

test('readConfig takes an empty variable as unset', () => {
  assert.equal(readConfig({ PORT: '' }).port, 3000)
  assert.equal(readConfig({ DATABASE_URL: '' }).databaseUrl, undefined)
})

test('readConfig takes folders as relative to the project, wherever the process is', () => {
  const { dataDir, cacheDir, blobStore } = readConfig({ DATA_DIR: './d', CACHE_DIR: '../c', BLOB_STORE: 'b' })
  assert.deepEqual([dataDir, cacheDir, blobStore], ['d', '../c', 'b'].map(folder => path.join(projectRoot, folder)))
  assert.equal(readConfig({}).dataDir, path.join(projectRoot, 'data'))
  const code = `
    const { readConfig } = await import(${JSON.stringify(new URL('../src/config.js', import.meta.url).href)})
    console.log(readConfig({ DATA_DIR: './d' }).dataDir)`
  const elsewhere = execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: tmpdir(), encoding: 'utf8' })
  assert.equal(elsewhere.trim(), dataDir)
})

test('parseTrustProxy reads whom to trust', () => {
  assert.equal(readConfig({}).trustProxy, false)
  assert.equal(parseTrustProxy('true'), true)
  assert.equal(parseTrustProxy('2'), 2)
  assert.deepEqual(parseTrustProxy('127.0.0.1, 10.0.0.0/8,fd00::/8,loopback'), ['127.0.0.1', '10.0.0.0/8', 'fd00::/8', 'loopback'])
})

test('parseLanes gives a GPU one slot and the CPU as many as it says', () => {
  assert.deepEqual(parseLanes('cpu:8, gpu:1'), [{ device: 'cpu', slots: 8 }, { device: 'gpu:1', slots: 1 }])
})
