/**
 * The command line: start, serve, work, key, backup, restore. Each command loads only what it needs. Under `start` the commands serve
 * and work are child processes that say over IPC when they are ready and end when their parent does.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseCommandLine, type Command, type CommandLine } from './start/command-line.js'
import { environment, readConfig, useTemporaryFolder, type Config } from './config.js'
import { OperatorError } from './errors.js'
import type { ReadyMessage, StopMessage } from './start/kept-process.js'
import { projectRoot, projectVersion } from './paths.js'

/** Exit code of a child whose parent has gone. */
const orphanedExitCode = 70

const runCommand: Record<Command, (config: Config, folder: string) => Promise<void>> = { start, serve, work, key, backup, restore }

async function main (args: readonly string[]): Promise<void> {
  process.umask(0o077) // what this process and those that it starts write is nobody else's to read
  const { command, settings, folder = '' } = parseCommandLine(args)
  if (command === 'help') return print(readFileSync(path.join(projectRoot, 'src', 'start', 'help.txt'), 'utf8').trimEnd())
  if (command === 'version') return print(projectVersion)
  await runCommand[command](loadConfig(settings), folder)
}

/** An option goes before the environment, the environment before the file .env. */
function loadConfig (settings: CommandLine['settings']): Config {
  const file = path.join(projectRoot, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
  try {
    return readConfig(environment(settings))
  } catch (error) {
    throw new OperatorError((error as Error).message)
  }
}

async function start (config: Config): Promise<void> {
  const { supervise } = await import('./start/supervisor.js')
  await supervise(config, print)
}

async function serve (config: Config): Promise<void> {
  const stopped = untilStopped()
  const { createDataDir } = await import('./start/data-dir.js')
  createDataDir(config.dataDir)
  await openDatabase(config)
  const adminKey = await findOperatorKey(config)
  const { serve: openApi } = await import('./app.js')
  const api = await openApi({ ...config, adminKey }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.syscall !== 'listen') throw error
    const { explainListenError } = await import('./start/listen-address.js')
    throw new OperatorError(explainListenError(error.code ?? error.message, config.host, config.port))
  })
  sayReady(`The API listens on ${api.url}`, { type: 'ready', url: api.url })
  await stopped
  await api.close()
}

async function work (config: Config): Promise<void> {
  const stopped = untilStopped()
  const { createDataDir } = await import('./start/data-dir.js')
  const { openScratch } = await import('./storage/scratch.js')
  createDataDir(config.dataDir)
  const scratch = await openScratch(config.dataDir)
  useTemporaryFolder(scratch.folder)
  await openDatabase(config)
  const { runNode } = await import('./jobs/node.js')
  const node = await runNode(config, undefined, line => { process.stderr.write(`${line}\n`) })
  sayReady('The node works', { type: 'ready' })
  await stopped
  await node.stop()
  await scratch.remove()
}

async function key (wanted: Config): Promise<void> {
  const { chooseDataDir, readAdminKey } = await import('./start/data-dir.js')
  const { config } = chooseDataDir(wanted)
  const adminKey = readAdminKey(config)
  if (!adminKey) throw new OperatorError(`There is no key in ${config.dataDir} yet: the first start makes it`)
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host
  if (config.port !== 0) print(`http://${host.includes(':') ? `[${host}]` : host}:${config.port}/`)
  print(adminKey)
}

async function backup (config: Config, folder: string): Promise<void> {
  const { backUp } = await import('./start/backup.js')
  await backUp(config, folder, print)
}

async function restore (config: Config, folder: string): Promise<void> {
  const { restore: fill } = await import('./start/backup.js')
  await fill(config, folder, print)
}

/** Brings the database to the schema, unless `start` has done so. */
async function openDatabase ({ databaseUrl }: Config): Promise<void> {
  if (!databaseUrl) throw new OperatorError('DATABASE_URL is not set: serve and work need a PostgreSQL, as in DATABASE_URL=postgres://user:password@host:5432/name; only start brings its own')
  if (process.send) return
  const { prepareDatabase } = await import('./start/prepare-database.js')
  await prepareDatabase(databaseUrl, print)
}

/** The operator's key, which `start` has settled for its children. */
async function findOperatorKey (config: Config): Promise<string | undefined> {
  if (process.send) return config.adminKey
  const { settleOperatorKey } = await import('./start/operator-key.js')
  return (await settleOperatorKey(config, config.databaseUrl ?? '', print)).key
}

function sayReady (text: string, message: ReadyMessage): void {
  if (process.send) process.send(message)
  else print(text)
}

/** Resolves when a signal, or the parent, asks this process to end. */
function untilStopped (): Promise<void> {
  return new Promise(resolve => {
    const isChild = process.send !== undefined
    let times = 0
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (isChild && signal === 'SIGINT') return // Ctrl-C is the parent's affair
        if (++times > 1) process.exit(1)
        resolve()
      })
    }
    process.on('message', (message: StopMessage) => { if (message.type === 'stop') resolve() })
    process.on('disconnect', () => process.exit(orphanedExitCode))
    if (isChild && !process.connected) process.exit(orphanedExitCode) // gone before the line above
  })
}

function print (line: string): void {
  process.stdout.write(`${line}\n`)
}

// A terminal that was closed must not keep the service from ending in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
try {
  await main(process.argv.slice(2))
  process.exit(0)
} catch (error) {
  process.stderr.write(`${error instanceof OperatorError ? error.message : (error as Error).stack}\n`)
  process.exit(1)
}
