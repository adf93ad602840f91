/** The set-up's scripts, which are plain JavaScript outside the build, with the types that the tests rely on. */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectRoot } from '../../src/paths.js'

export type Log = (line: string) => void

interface Scripts {
  lock: { withLock<T> (folder: string, log: Log, work: () => Promise<T>): Promise<T> }
  stamps: { readStamp (root: string, name: string): unknown, writeStamp (root: string, name: string, value: unknown): void }
  dependencies: { ensureDependencies (root: string, log: Log, options?: { toRun?: boolean, answerMs?: number }): Promise<void> }
  postgres: { ensurePostgres (root: string): boolean }
  build: { ensureBuild (root: string, log: Log): Promise<void>, isBuilt (root: string): boolean, listSources (root: string): string[] }
}

/** Where a script is. */
export function scriptUrl (name: keyof Scripts): string {
  return pathToFileURL(path.join(projectRoot, 'scripts', 'setup', `${name}.mjs`)).href
}

/** Loads scripts/setup/NAME.mjs. */
export async function loadScript<N extends keyof Scripts> (name: N): Promise<Scripts[N]> {
  return await import(scriptUrl(name)) as Scripts[N]
}
