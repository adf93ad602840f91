/**
 * `start`: everything on one machine. A small parent of the embedded PostgreSQL, `serve` and `work`, each a process of
 * its own that is started again when it dies; Ctrl-C ends them in order. It computes nothing and answers nobody.
 */
import path from 'node:path'
import { toEnvironment, type Config } from '../config.js'
import { chooseDataDir, createDataDir, lockDataDir } from './data-dir.js'
import { keepPostgres, type KeptPostgres } from './kept-postgres.js'
import { keepRunning, type KeptProcess } from './kept-process.js'
import { checkAddress, isLoopback } from './listen-address.js'
import { trimLogFile } from './log-file.js'
import { settleOperatorKey } from './operator-key.js'
import { projectVersion } from '../paths.js'
import { prepareDatabase } from './prepare-database.js'

/** How long `work` may take to reach a boundary, snapshot its trials and hand them back. */
const workPatienceMs = 20_000
/** How long `serve` may take to answer the requests that it has begun. */
const servePatienceMs = 5_000
const trimEveryMs = 600_000

/** A second signal within this time is the first one on another way. */
const echoMs = 300

/** What ends a start: asked by a signal, by a failure, and once more for those in a hurry. */
interface Stop {
  /** resolves when somebody asked, rejects when something failed for good */
  asked: Promise<void>
  isAsked (): boolean
  /** aborted when somebody asked */
  signal: AbortSignal
  fail (error: Error): void
  hurry: AbortSignal
}

/**
 * Runs the whole service until a signal asks it to end.
 * @throws OperatorError when it cannot start, or something does not come up again
 */
export async function supervise (wanted: Config, print: (line: string) => void): Promise<void> {
  const { config, note } = chooseDataDir(wanted)
  if (note) print(note)
  const openness = createDataDir(config.dataDir)
  if (openness) print(openness)
  const lock = await lockDataDir(config.dataDir)
  const stop = listenForStop(print)
  // What has been started, in order; it ends in the reverse order.
  const closers: (() => Promise<void>)[] = [lock.release]
  try {
    await startAll(config, stop, closers, print).catch((error: Error) => {
      if (!stop.isAsked() || error.name !== 'AbortError') throw error
    })
    await stop.asked
  } finally {
    for (const close of closers.reverse()) await close().catch((error: Error) => print(error.message)) // the others must end too
  }
}

/** Starts everything step by step; gives up between two steps when it is asked to stop. */
async function startAll (config: Config, stop: Stop, closers: (() => Promise<void>)[], print: (line: string) => void): Promise<void> {
  await checkAddress(config.host, config.port)
  if (stop.isAsked()) return
  const children: KeptProcess[] = []
  const database = config.databaseUrl ? undefined : await openDatabase(config, stop, children, print)
  if (database) closers.push(() => database.stop())
  const databaseUrl = () => database?.url() ?? config.databaseUrl ?? ''
  if (stop.isAsked()) return
  await prepareDatabase(databaseUrl(), print)
  if (stop.isAsked()) return

  const { key, isNew } = await settleOperatorKey(config, databaseUrl(), print)
  let port = config.port
  const variables = () => toEnvironment({ ...config, port, databaseUrl: databaseUrl(), adminKey: key })
  const keep = (name: 'serve' | 'work') => keepRunning({
    name, module: path.join(import.meta.dirname, '..', 'main.js'), args: [name], logFile: config.logTo === 'files' ? logFile(config, name) : undefined, variables, print
  })
  const serve = keep('serve')
  closers.push(() => serve.stop(servePatienceMs, stop.hurry))
  const work = keep('work')
  closers.push(() => work.stop(workPatienceMs, stop.hurry))
  children.push(serve, work)
  if (config.logTo === 'files') {
    setInterval(() => { for (const name of ['serve', 'work']) trimLogFile(logFile(config, name)) }, trimEveryMs).unref()
  }

  const ready = Promise.all([serve.ready, work.ready])
  await Promise.race([ready, stop.asked])
  if (stop.isAsked()) return
  const [url = ''] = await ready
  port = Number(new URL(url).port) || port // with PORT=0: the same one after a restart
  print(readyBlock(config, url, isNew ? key : undefined))
}

function logFile (config: Config, name: string): string {
  return path.join(config.dataDir, `${name}.log`)
}

function openDatabase (config: Config, stop: Stop, children: KeptProcess[], print: (line: string) => void): Promise<KeptPostgres> {
  return keepPostgres({
    dataDir: config.dataDir,
    print,
    onMoved: () => { for (const child of children) child.restart() },
    onFailure: stop.fail,
    signal: stop.signal
  })
}

function listenForStop (print: (line: string) => void): Stop {
  const stopping = new AbortController()
  const hurry = new AbortController()
  let times = 0
  let lastAt = 0
  let fail: (error: Error) => void = () => {}
  const asked = new Promise<void>((resolve, reject) => {
    fail = error => {
      hurry.abort() // without a database nothing can be handed back
      reject(error)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // npm passes on the Ctrl-C that the terminal has sent already.
        if (times > 0 && Date.now() - lastAt < echoMs) return
        times++
        lastAt = Date.now()
        if (times === 1) print('\nStopping: running trials are handed back at their next boundary; Ctrl-C again to end at once')
        if (times === 2) hurry.abort()
        stopping.abort()
        resolve()
      })
    }
  })
  asked.catch(() => {}) // whoever waits for it is told
  return { asked, isAsked: () => times > 0, signal: stopping.signal, fail, hurry: hurry.signal }
}

function readyBlock (config: Config, url: string, newKey: string | undefined): string {
  const keyFile = path.join(config.dataDir, 'admin.key')
  // Without npm, as in containers, there is no `npm start` either.
  const keyCommand = path.basename(process.argv[1] ?? '') === 'main.js' ? 'node dist/src/main.js key' : 'npm start -- key'
  const lines = [
    '',
    `Descent Lab ${projectVersion} is ready`,
    '',
    `  ${url}`,
    newKey ? `  operator's key: ${newKey}` : `  operator's key: ${keyCommand}`,
    ...(newKey ? [`  kept in ${keyFile}; ${keyCommand} prints it again`] : []),
    ...(config.logTo === 'files' ? [`  logs: ${logFile(config, 'serve')} and work.log beside it`] : []),
    ...(isLoopback(config.host) ? [] : ['', `  Warning: HOST ${config.host} is open to other machines, and keys travel unencrypted: put a proxy with TLS before it`]),
    '',
    'Ctrl-C stops it; unfinished experiments go on at the next start',
    ''
  ]
  return lines.join('\n')
}
