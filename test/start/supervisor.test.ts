import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { environment } from '../../src/config.js'
import { projectVersion } from '../../src/paths.js'
import { temporaryFolder } from '../helpers/folder.js'
import { holdWorker, isAlive, killSurely, listChildren, until } from '../helpers/processes.js'

const program = fileURLToPath(new URL('../../src/main.js', import.meta.url))
const options = { skip: process.platform === 'win32' && 'Windows has no signals' }

test('start brings everything up, keeps the folder to itself, logs to its output with LOG_TO=stdout, and ends everything on SIGTERM', options, async t => {
  const folder = temporaryFolder()
  const service = run(t, ['start'], { DATA_DIR: folder, LOG_TO: 'stdout', LOG_LEVEL: 'info' })
  const url = await service.ready()
  assert.equal((await fetch(new URL('/health/live', url))).status, 200)

  const key = /operator's key: (\S+)/.exec(service.output())?.[1]
  assert.equal(readFileSync(path.join(folder, 'admin.key'), 'utf8').trim(), key)
  assert.equal(statSync(path.join(folder, 'admin.key')).mode & 0o777, 0o600)

  const second = run(t, ['start'], { DATA_DIR: folder })
  assert.equal(await second.ended, 1)
  assert.equal(second.output(), `${folder} is in use by process ${service.pid}: stop that one first, or set DATA_DIR to another folder\n`)

  await fetch(new URL('/openapi.json', url))
  await until(() => /"url":"\/openapi\.json"/.test(service.output()), 'the request is in the output')
  await until(() => /"name":"node"/.test(service.output()), 'and what the node said')
  assert.match(service.output(), /operator's key: \S+\n {2}kept in .*; node dist\/src\/main\.js key prints it again/)
  assert.ok(!service.output().includes('logs:'))
  assert.deepEqual(readdirSync(folder).filter(name => /^(serve|work)\.log/.test(name)), [], 'and in no file')

  const children = listChildren(service.pid).map(({ pid }) => pid)
  assert.equal(children.length, 3, 'PostgreSQL, serve and work')
  service.kill('SIGTERM')
  assert.equal(await service.ended, 0)
  assert.deepEqual(children.filter(isAlive), [])
})

test('start comes up again after its process, a child, PostgreSQL or all of it was killed, a process of PostgreSQL held', options, async t => {
  const folder = temporaryFolder()
  const killed = run(t, ['start'], { DATA_DIR: folder })
  await killed.ready()
  const orphans = listChildren(killed.pid).map(({ pid }) => pid)
  killed.kill('SIGKILL')
  await killed.ended
  const service = run(t, ['start'], { DATA_DIR: folder })
  const url = await service.ready()
  assert.ok(!service.output().includes('operator\'s key: admin_'), 'the key is shown at the first start only')
  await until(() => orphans.every(pid => !isAlive(pid)), 'what the killed start had started has ended')

  for (const { pid } of listChildren(service.pid)) {
    process.kill(pid, 'SIGKILL')
    await until(() => !isAlive(pid) && listChildren(service.pid).length === 3, () => `there are three children again after ${pid}: ${service.output()}`)
  }
  // The same address: a client only sees a pause.
  await until(() => fetch(new URL('/health/live', url)).then(response => response.ok, () => false), 'the API answers again')

  // All of it at once, and a process of its PostgreSQL that does not go.
  const children = listChildren(service.pid)
  const server = children.find(({ title }) => title.includes('postgres -D'))
  assert.ok(server)
  const held = holdWorker(server.pid)
  t.after(() => killSurely(held))
  for (const pid of [service.pid, ...children.map(({ pid }) => pid)]) process.kill(pid, 'SIGKILL')
  await service.ended
  const last = run(t, ['start'], { DATA_DIR: folder })
  await last.ready()
  assert.match(last.output(), new RegExp(`^Waiting for the last processes of a PostgreSQL that was killed: ${held} `))
  assert.ok(!isAlive(held))
})

test('start says which port is taken and how to choose another', async t => {
  const taken = net.createServer()
  taken.listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.after(() => taken.close())
  const { port } = taken.address() as net.AddressInfo
  const service = run(t, ['start', '--port', String(port)], { DATA_DIR: temporaryFolder() })
  assert.equal(await service.ended, 1)
  assert.equal(service.output(), `Port ${port} on 127.0.0.1 is taken by another program: stop that one, or choose another port, as in PORT=${port + 1} npm start\n`)
})

test('serve and work say that they need DATABASE_URL, and that it cannot be reached', async t => {
  for (const command of ['serve', 'work']) {
    const unset = run(t, [command], { DATA_DIR: temporaryFolder() })
    assert.equal(await unset.ended, 1)
    assert.match(unset.output(), /^DATABASE_URL is not set/)
    // Port 1 is nobody's.
    const wrong = run(t, [command], { DATA_DIR: temporaryFolder(), DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
    assert.equal(await wrong.ended, 1)
    assert.match(wrong.output(), /^The database cannot be reached \(.*ECONNREFUSED.*\): check DATABASE_URL\n$/)
  }
})

test('--help lists the commands, --version the version, an unknown command is an error', async t => {
  const help = run(t, ['--help'])
  assert.equal(await help.ended, 0)
  for (const command of ['start', 'serve', 'work', 'key']) assert.match(help.output(), new RegExp(`^  ${command} `, 'm'))
  const version = run(t, ['--version'])
  assert.equal(await version.ended, 0)
  assert.equal(version.output(), `${projectVersion}\n`)
  const wrong = run(t, ['fly'])
  assert.equal(await wrong.ended, 1)
  assert.equal(wrong.output(), 'The command must be one of start, serve, work, key, backup, restore, got "fly"; --help explains them\n')
})

test('key prints the link and the key, and says when there is none yet', async t => {
  const without = run(t, ['key'], { DATA_DIR: temporaryFolder() })
  assert.equal(await without.ended, 1)
  assert.match(without.output(), /^There is no key in .* yet: the first start makes it\n$/)
  const given = run(t, ['key'], { ADMIN_KEY: 'secret', PORT: '4000' })
  assert.equal(await given.ended, 0)
  assert.equal(given.output(), 'http://127.0.0.1:4000/\nsecret\n')
})

/** Runs the program with the test's own settings only. */
function run (t: TestContext, args: string[], settings: Record<string, string> = {}) {
  const env = environment({ PORT: '0', DATABASE_URL: '', ADMIN_KEY: '', LANES: 'cpu:1', LOG_LEVEL: 'warn', ...settings })
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let onOutput = () => {}
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      output += text
      onOutput()
    })
  }
  const ended = once(child, 'close').then(([code]) => code as number | null)
  t.after(async () => {
    child.kill('SIGTERM')
    await ended
  })

  /** Resolves with the address of the ready block. */
  function ready (): Promise<string> {
    return new Promise((resolve, reject) => {
      onOutput = () => {
        const url = /is ready\n\n {2}(http:\S+)\n[^]*Ctrl-C/.exec(output)?.[1]
        if (url) resolve(url)
      }
      onOutput()
      ended.then(code => reject(new Error(`ended with ${code} before it was ready: ${output}`)))
    })
  }

  return { pid: child.pid ?? 0, kill: (signal: NodeJS.Signals) => child.kill(signal), ended, ready, output: () => output }
}
