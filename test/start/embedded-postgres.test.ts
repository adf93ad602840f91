import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import pg from 'pg'
import { startPostgres } from '../../src/start/embedded-postgres.js'
import { chooseServerUser } from '../../src/start/postgres-user.js'
import { temporaryFolder } from '../helpers/folder.js'
import { holdWorker, isAlive, killSurely } from '../helpers/processes.js'

const isUnix = process.platform !== 'win32'

test('startPostgres keeps data, address and password over a restart', async t => {
  const folder = temporaryFolder()
  const first = await startPostgres(folder, { durable: false })
  await query(first.url, 'create table kept (n int)')
  await first.stop()
  assert.equal(await first.ended, 'code 0')
  if (isUnix) assert.equal(statSync(path.join(folder, 'postgres.json')).mode & 0o777, 0o600)

  const second = await startPostgres(folder, { durable: false })
  t.after(() => second.stop())
  assert.equal(second.url, first.url)
  assert.deepEqual(await query(second.url, 'select count(*)::int as n from kept'), [{ n: 0 }])
})

test('startPostgres is not stopped by a pid file whose number belongs to somebody else', { skip: !isUnix }, async t => {
  const folder = temporaryFolder()
  await (await startPostgres(folder, { durable: false })).stop()
  // as after a power cut: the server's file, and a process of the same user that has got its number since
  const other = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { ...chooseServerUser(folder), stdio: 'ignore' })
  t.after(() => other.kill('SIGKILL'))
  await once(other, 'spawn')
  writeFileSync(path.join(folder, 'postgres', 'postmaster.pid'), `${other.pid}\n${folder}/postgres\n`)
  const server = await startPostgres(folder, { durable: false })
  await server.stop()
})

test('startPostgres replaces a server that outlived a killed start', { skip: !isUnix }, async t => {
  const folder = temporaryFolder()
  const module = new URL('../../src/start/embedded-postgres.js', import.meta.url).href
  // An empty PATH hides setpriv, so that nothing ends the server with its parent.
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', `
    const { startPostgres } = await import(${JSON.stringify(module)})
    const { pid } = await startPostgres(${JSON.stringify(folder)}, { durable: false })
    process.stdout.write(String(pid))
    setInterval(() => {}, 1000)
  `], { env: { PATH: '' }, stdio: ['ignore', 'pipe', 'inherit'] })
  const [data] = await once(parent.stdout, 'data')
  const orphan = Number(data)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  process.kill(orphan, 0) // throws when it has ended: then this test would show nothing

  const lines: string[] = []
  const server = await startPostgres(folder, { durable: false, log: line => { lines.push(line) } })
  t.after(() => server.stop())
  assert.deepEqual(lines, [`An earlier start left its PostgreSQL running (process ${orphan}); stopping it`])
  assert.notEqual(server.pid, orphan)
  assert.deepEqual(await query(server.url, 'select 1 as n'), [{ n: 1 }])
})

test('startPostgres waits for the last process of a killed server', { skip: !isUnix }, async t => {
  const folder = temporaryFolder()
  const held = await killHolding(folder)
  t.after(() => killSurely(held))
  const lines: string[] = []
  const server = await startPostgres(folder, {
    leftoverPatienceMs: 3_600_000,
    log: line => {
      lines.push(line)
      process.kill(held, 'SIGCONT')
    }
  })
  t.after(() => server.stop())
  assert.equal(lines.length, 1)
  assert.match(lines[0]!, new RegExp(`^Waiting for the last processes of a PostgreSQL that was killed: ${held} \\(postgres: .*io worker`))
  assert.deepEqual(await query(server.url, 'select n from kept'), [{ n: 1 }])
})

test('startPostgres kills a process of a killed server that never ends, and loses nothing', { skip: !isUnix }, async t => {
  const folder = temporaryFolder()
  const held = await killHolding(folder)
  t.after(() => killSurely(held))
  const server = await startPostgres(folder, { leftoverPatienceMs: 0 })
  t.after(() => server.stop())
  assert.ok(!isAlive(held))
  assert.deepEqual(await query(server.url, 'select n from kept'), [{ n: 1 }])
})

test('startPostgres gives up its waiting for a killed server when it is told to', { skip: !isUnix }, async t => {
  const folder = temporaryFolder()
  const held = await killHolding(folder)
  t.after(() => killSurely(held))
  const giveUp = new AbortController()
  await assert.rejects(startPostgres(folder, { signal: giveUp.signal, log: () => { giveUp.abort() } }), { name: 'AbortError' })
  assert.ok(isAlive(held))
})

test('startPostgres takes another port when its own is taken', async t => {
  const [one, other] = [temporaryFolder(), temporaryFolder()]
  const first = await startPostgres(one, { durable: false })
  t.after(() => first.stop())
  await (await startPostgres(other, { durable: false })).stop()
  const { port } = new URL(first.url)
  writeFileSync(path.join(other, 'postgres.json'), JSON.stringify({ port: Number(port), password: 'kept' }))
  const second = await startPostgres(other, { durable: false })
  t.after(() => second.stop())
  assert.notEqual(new URL(second.url).port, port)
})

test('startPostgres gives the end of the server\'s log when it does not come up', async () => {
  const folder = temporaryFolder()
  await (await startPostgres(folder, { durable: false })).stop()
  appendFileSync(path.join(folder, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n')
  await assert.rejects(startPostgres(folder, { durable: false }), {
    name: 'OperatorError',
    message: /ended at its start[^]*unrecognized configuration parameter "no_such_setting"/
  })
})

/** Kills a server with -9 that has written a row, one of its processes being stopped. @returns that one's process id */
async function killHolding (folder: string): Promise<number> {
  const server = await startPostgres(folder)
  await query(server.url, 'create table kept as select 1 as n')
  const held = holdWorker(server.pid)
  process.kill(server.pid, 'SIGKILL')
  await server.ended
  return held
}

async function query (url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
