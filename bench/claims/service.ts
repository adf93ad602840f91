/** The service that claims run on: its data stay in the cache, so that a run that was killed goes on with its trials. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readConfig } from '../../src/config.js'
import { projectRoot } from '../../src/paths.js'
import { chooseServerUser, findBarrier, systemFolder } from '../../src/start/postgres-user.js'
import { makeFolder } from '../../src/storage/private-folder.js'
import { killSurely } from '../../test/helpers/processes.js'
import { listProcesses, openApi, startProgram, type Api } from '../../test/helpers/service.js'

export interface ClaimService extends Api {
  /** Ends it as Ctrl-C does. */
  stop (): Promise<void>
}

/** Where claims keep what they need to go on: one folder for each checkout. */
export function claimsFolder (): string {
  const { cacheDir } = readConfig(process.env)
  const name = `claims-${createHash('sha256').update(projectRoot).digest('hex').slice(0, 8)}`
  // As root the database runs as another user, who may not reach a home folder.
  const folder = path.join(findBarrier(cacheDir, chooseServerUser('')) === undefined ? cacheDir : systemFolder, name)
  makeFolder(folder)
  return folder
}

/** Starts the service on the folder's data; what a killed run has left running ends first. */
export async function startClaimService (folder: string): Promise<ClaimService> {
  const data = path.join(folder, 'data')
  const temporary = path.join(folder, 'temporary')
  mkdirSync(temporary, { recursive: true })
  await endEarlier(temporary)
  const program = startProgram(['start'], {
    LANES: process.env.LANES ?? `cpu:${availableParallelism()}`, DATA_DIR: data, TMPDIR: temporary, CACHE_DIR: readConfig(process.env).cacheDir
  })
  const url = (await program.says(/is ready\s+(http:\S+)/)).replace(/\/$/, '')
  return { ...openApi(() => url, () => program.failed), stop: program.stop }
}

/** Tenths of a second in which an earlier service may end in order. */
const patience = 300

/** Ends what runs with this folder: the service of a run that was killed outlives it. */
async function endEarlier (temporary: string): Promise<void> {
  if (!existsSync('/proc/self/environ')) return
  const left = () => listProcesses(temporary)
  for (const { pid, command } of left()) if (/main\.js start/.test(command)) process.kill(pid, 'SIGINT')
  for (let waited = 0; left().length > 0; waited++) {
    if (waited === patience) for (const { pid } of left()) killSurely(pid)
    await delay(100)
  }
}
