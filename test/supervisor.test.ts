import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import test, { type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { environment } from '../src/config.js'
import { projectVersion } from '../src/paths.js'
import { temporaryFolder } from './helpers/folder.js'

const program = fileURLToPath(new URL('../src/main.js', import.meta.url))
const options = { skip: process.platform === 'win32' && 'Windows has no signals' }

test('start brings everything up, keeps the folder to itself, and ends everything on SIGTERM', options, async t => {
  const folder = temporaryFolder()
  const service = run(t, ['start'], { DATA_DIR: folder })
  const url = await service.ready()
  assert.equal((await fetch(new URL('/health/live', url))).status, 200)

  const key = /operator's key: (\S+)/.exec(service.output())?.[1]
  assert.equal(readFileSync(path.join(folder, 'admin.key'), 'utf8').trim(), key)
  assert.equal(statSync(path.join(folder, 'admin.key')).mode & 0o777, 0o600)

  const second = run(t, ['start'], { DATA_DIR: folder })
  assert.equal(await second.ended, 1)
  assert.equal(second.output(), `${folder} is in use by process ${service.pid}: stop that one first, or set DATA_DIR to another folder\n`)

  const children = listChildren(service.pid)
  assert.equal(children.length, 3, 'PostgreSQL, serve and work')
  service.kill('SIGTERM')
  assert.equal(await service.ended, 0)
  assert.deepEqual(children.filter(isAlive), [])
})

test('start comes up again after its process, a child or PostgreSQL was killed', options, async t => {
  const folder = temporaryFolder()
  const killed = run(t, ['start'], { DATA_DIR: folder })
  await killed.ready()
  const orphans = listChildren(killed.pid)
  killed.kill('SIGKILL')
  await killed.ended
  const service = run(t, ['start'], { DATA_DIR: folder })
  const url = await service.ready()
  assert.ok(!service.output().includes('operator\'s key: admin_'), 'the key is shown at the first start only')
  await until(() => orphans.every(pid => !isAlive(pid)), 'what the killed start had started has ended')

  for (const pid of listChildren(service.pid)) {
    process.kill(pid, 'SIGKILL')
    await until(() => !isAlive(pid) && listChildren(service.pid).length === 3, () => `there are three children again after ${pid}: ${service.output()}`)
  }
  // The same address: a client only sees a pause.
  await until(() => fetch(new URL('/health/live', url)).then(response => response.ok, () => false), 'the API answers again')
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
  assert.equal(wrong.output(), 'The command must be one of start, serve, work, key, got "fly"; --help explains them\n')
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

function listChildren (pid: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n')
  const rows = lines.map(line => line.trim().split(/\s+/))
  return rows.filter(([, parent, state]) => Number(parent) === pid && !state?.startsWith('Z')).map(([child]) => Number(child))
}

function isAlive (pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Looks again and again, because other processes' grandchildren tell nobody of their end. */
async function until (condition: () => boolean | Promise<boolean>, what: string | (() => string)): Promise<void> {
  for (const deadline = Date.now() + 90_000; !await condition(); await delay(20)) {
    assert.ok(Date.now() < deadline, `within 90 s ${typeof what === 'string' ? what : what()}`)
  }
}
