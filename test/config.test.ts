import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { parseEnv } from 'node:util'
import pg from 'pg'
import { parseLanes, parseTrustProxy, readConfig, settingNames, toEnvironment } from '../src/config.js'
import type { Gpu } from '../src/gpus.mjs'
import { projectRoot } from '../src/paths.js'
import { createTestDatabase } from './helpers/database.js'
import { temporaryFolder } from './helpers/folder.js'

test('settingNames lists exactly what readConfig reads', () => {
  const asked = new Set<string>()
  readConfig(new Proxy({}, {
    get (_, name) {
      asked.add(String(name))
      return undefined
    }
  }))
  for (const name of ['XDG_CACHE_HOME', 'PATH', 'CUDA_VISIBLE_DEVICES']) asked.delete(name) // the system's, not ours
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
  [{ LOG_TO: 'syslog' }, 'LOG_TO must be one of files, stdout, got "syslog"'],
  [{ DATABASE_PASSWORD: 'p' }, 'DATABASE_PASSWORD needs a DATABASE_URL with a user, a host and no password, as in postgres://user@host:5432/name'],
  [{ DATABASE_PASSWORD: 'p', DATABASE_URL: 'postgres://me:q@db/lab' }, 'DATABASE_PASSWORD needs a DATABASE_URL with a user, a host and no password, as in postgres://user@host:5432/name'],
  [{ CATALOG_MIRROR: 'ftp://mirror' }, 'CATALOG_MIRROR must be a URL that begins with http:// or https://, got "ftp://mirror"'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of trace, debug, info, warn, error, got "loud"'],
  [{ LANES: 'cpu' }, 'LANES must be a list of cpu:SLOTS and gpu:DEVICE, got "cpu"'],
  [{ LANES: 'cpu:0' }, 'LANES must be a list of cpu:SLOTS and gpu:DEVICE, got "cpu:0"'],
  ...['0', '-1', '100', '1.5', 'yes', '10.0.0.0/33', '10.0.0/8', 'fd00::/129', '10.0.0.0/8/8', 'fe80::1%eth0', 'localhost'].map(got => [
    { TRUST_PROXY: got },
    `TRUST_PROXY must be false, true, a number of proxies from 1 to 99, or a list of addresses and ranges as in 127.0.0.1,10.0.0.0/8 or loopback,linklocal,uniquelocal, got "${got}"`
  ] as const),
  [{ LANES: 'gpu:0,gpu:0' }, 'LANES must name every device once, got "gpu:0,gpu:0"'],
  [{ LANES: 'cpu:1,gpu:0', TENSOR_BACKEND: 'wasm' }, 'LANES must name no GPU with TENSOR_BACKEND=wasm, got gpu:0'],
  [{ LANES: 'gpu:1', TENSORFLOW_FLAVOUR: 'cpu' }, 'LANES must name no GPU with TENSORFLOW_FLAVOUR=cpu, got gpu:1'],
  [{ TENSORFLOW_FLAVOUR: 'rocm' }, 'TENSORFLOW_FLAVOUR must be one of cpu, cuda, got "rocm"'],
  [{ GPU_MEMORY_PERCENT: '0' }, 'GPU_MEMORY_PERCENT must be an integer from 1 to 100, got "0"']
] as const) {
  test(`readConfig refuses ${JSON.stringify(env)} and says what is allowed`, () => {
    assert.throws(() => readConfig(env), { message })
  })
}

test('DATABASE_PASSWORD goes into DATABASE_URL as it is, whatever characters it has', async t => {
  const password = 'a@b/c#d:e%20?f&g"\'\\ü $'
  const url = await createTestDatabase(t)
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  const role = `odd_${process.pid}`
  await admin.query(`create role ${role} login password ${pg.escapeLiteral(password)}`)
  const bare = new URL(url)
  bare.username = role
  bare.password = ''
  const { databaseUrl } = readConfig({ DATABASE_URL: bare.href, DATABASE_PASSWORD: password })
  const client = new pg.Client({ connectionString: databaseUrl })
  try {
    await client.connect()
    assert.equal((await client.query('select current_user as name')).rows[0].name, role)
  } finally {
    await client.end()
    await admin.query(`drop role ${role}`)
    await admin.end()
  }
  assert.equal(readConfig(toEnvironment(readConfig({ DATABASE_URL: bare.href, DATABASE_PASSWORD: password }))).databaseUrl, databaseUrl)
})

test('NAME_FILE: a secret is the first line of a file; both, an empty one and none are refused', () => {
  const file = path.join(temporaryFolder(), 'secret')
  writeFileSync(file, 's3cr@t\n')
  assert.equal(readConfig({ ADMIN_KEY_FILE: file }).adminKey, 's3cr@t')
  assert.equal(readConfig({ DATABASE_URL: 'postgres://me@db:5432/lab', DATABASE_PASSWORD_FILE: file }).databaseUrl, 'postgres://me:s3cr%40t@db:5432/lab')
  assert.throws(() => readConfig({ ADMIN_KEY: 'k', ADMIN_KEY_FILE: file }), { message: 'ADMIN_KEY and ADMIN_KEY_FILE must not be set both' })
  assert.throws(() => readConfig({ ADMIN_KEY_FILE: `${file}.not` }), { message: /^ADMIN_KEY_FILE must name a file that can be read, got ".*secret\.not" \(ENOENT/ })
  writeFileSync(file, '\n')
  assert.throws(() => readConfig({ ADMIN_KEY_FILE: file }), { message: /^ADMIN_KEY_FILE must name a file with a text in its first line/ })
})

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

test('readConfig gives the CPU and every GPU that is found a lane, where LANES is unset and TensorFlow may use them', () => {
  const cards = [0, 2].map((index): Gpu => ({ index, uuid: `GPU-${index}`, name: 'a card', driver: '550.54.15', computeCapability: '9.0', memoryBytes: 1 }))
  const cpu = { device: 'cpu', slots: availableParallelism() }
  const lanes = (env: Record<string, string>) => readConfig(env, () => cards).lanes
  const all = [cpu, { device: 'gpu:0', slots: 1 }, { device: 'gpu:2', slots: 1 }]
  assert.deepEqual([lanes({}), lanes({ TENSORFLOW_FLAVOUR: 'cuda' })], [all, all])
  assert.deepEqual([lanes({ TENSORFLOW_FLAVOUR: 'cpu' }), lanes({ TENSOR_BACKEND: 'wasm' })], [[cpu], [cpu]])
  assert.deepEqual(lanes({ LANES: 'gpu:2' }), [{ device: 'gpu:2', slots: 1 }])
  assert.deepEqual(readConfig({}, () => []).lanes, [cpu])
})
