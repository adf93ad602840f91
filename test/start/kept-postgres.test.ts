import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import test, { type TestContext } from 'node:test'
import pg from 'pg'
import { keepPostgres, type KeptPostgresOptions } from '../../src/start/kept-postgres.js'
import { readPidFile } from '../../src/start/postgres-pid-file.js'
import { temporaryFolder } from '../helpers/folder.js'
import { holdWorker, isAlive, killSurely, until } from '../helpers/processes.js'

const options = { skip: process.platform === 'win32' && 'Windows has no signals' }

test('keepPostgres starts a killed server again though one of its processes is held', options, async t => {
  const { kept, lines, serverPid } = await keep(t)
  const held = holdWorker(serverPid)
  t.after(() => killSurely(held))
  process.kill(serverPid, 'SIGKILL')
  await until(() => answers(kept.url()), () => `it answers again: ${lines.join('\n')}`)
  assert.equal(lines[0], 'PostgreSQL ended (signal SIGKILL); starting it again')
  assert.ok(!isAlive(held))
})

test('keepPostgres tries again what fails for a passing reason', options, async t => {
  const { kept, lines, serverPid, settingsFile } = await keep(t)
  const good = readFileSync(settingsFile)
  appendFileSync(settingsFile, 'no_such_setting = 1\n')
  process.kill(serverPid, 'SIGKILL')
  await until(() => lines.some(line => line.includes('Trying again')), () => `it tries again: ${lines.join('\n')}`)
  writeFileSync(settingsFile, good)
  await until(() => answers(kept.url()), () => `it answers again: ${lines.join('\n')}`)
})

test('keepPostgres tells of a server that does not come up again, with the end of its log', options, async t => {
  const failures: Error[] = []
  const { serverPid, settingsFile } = await keep(t, { patienceMs: 0, onFailure: error => { failures.push(error) } })
  appendFileSync(settingsFile, 'no_such_setting = 1\n')
  process.kill(serverPid, 'SIGKILL')
  await until(() => failures.length > 0, 'it gives up')
  assert.equal(failures[0]?.name, 'OperatorError')
  assert.match(failures[0].message, /ended at its start[^]*unrecognized configuration parameter "no_such_setting"/)
})

test('keepPostgres stop() does not wait for what a killed server left behind', options, async t => {
  const { kept, lines, serverPid } = await keep(t)
  const held = holdWorker(serverPid)
  t.after(() => killSurely(held))
  process.kill(serverPid, 'SIGKILL')
  await until(() => lines.some(line => line.startsWith('Waiting for the last processes')), 'it says what it waits for')
  await kept.stop()
  assert.ok(isAlive(held))
})

async function keep (t: TestContext, more: Partial<KeptPostgresOptions> = {}) {
  const dataDir = temporaryFolder()
  const lines: string[] = []
  const kept = await keepPostgres({
    dataDir,
    print: line => { lines.push(line) },
    onMoved: () => {},
    onFailure: error => { lines.push(error.message) },
    patienceMs: 3_600_000,
    ...more
  })
  t.after(() => kept.stop())
  const cluster = path.join(dataDir, 'postgres')
  return { kept, lines, serverPid: readPidFile(cluster)!.pid, settingsFile: path.join(cluster, 'postgresql.conf') }
}

async function answers (url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {}) // it ends with the server
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}
