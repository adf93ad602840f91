/**
 * Where the rows work: one folder, named as folders are that break scripts, with clones of this checkout, a data folder
 * per service, and one cache with TensorFlow. It goes when the rows are done.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { readConfig, settingNames } from '../../src/config.js'
import { projectRoot } from '../../src/paths.js'
import { chooseServerUser } from '../../src/start/postgres-user.js'
import { makeTemporaryFolder } from '../helpers/folder.js'
import { openApi, operatorKey, type Api } from '../helpers/service.js'
import { run, start, untilNoneIsLeft, type Command, type Ending, type Program, type User } from './program.js'
import { visit } from './visit.js'

/** Thrown by a row that this machine lacks something for. */
export class CannotRun extends Error {}

export interface Service {
  tree: string
  environment?: Record<string, string>
  user?: User | undefined
  /** default: npm start */
  words?: string[]
  /** default: a new one */
  dataDir?: string
}

export interface Bench {
  /** Makes a folder that is open to all users. */
  folder (name: string): string
  /** Clones the checkout: sources only, as a user gets them. */
  clone (name: string): Promise<string>
  /** A clone that is set up, the same for all rows: each leaves it as it was. */
  prepared (): Promise<string>
  /** The settings of a command, with nothing of those that this process was given. */
  environment (changes?: Record<string, string>): Record<string, string>
  /** Starts a service, waits until it is ready, uses it, ends it. @returns what was said and seen */
  use (service: Service, how?: (api: Api) => Promise<string>): Promise<{ output: string, seen: string }>
  remove (): void
}

/** Opens the bench. */
export function openBench (): Bench {
  const root = makeTemporaryFolder()
  const base = path.join(root, 'Prüfstand der Maschinen')
  makeOpen(base)
  const cacheDir = path.join(base, 'cache')
  shareCache(cacheDir)
  let count = 0
  let setUp: Promise<string> | undefined

  function folder (name: string): string {
    const made = path.join(base, `${name} ${++count}`)
    makeOpen(made)
    return made
  }

  async function clone (name: string): Promise<string> {
    const tree = path.join(folder(name), 'descent lab')
    await run({ words: ['git', '-c', 'advice.detachedHead=false', 'clone', '--quiet', projectRoot, tree], cwd: base, env: environment() })
    return tree
  }

  function environment (changes: Record<string, string> = {}): Record<string, string> {
    return { ...inherited(), CACHE_DIR: cacheDir, LANES: 'cpu:2', LOG_LEVEL: 'warn', PORT: '0', ADMIN_KEY: operatorKey, npm_config_prefer_offline: 'true', ...changes }
  }

  async function prepare (): Promise<string> {
    const tree = await clone('prepared')
    await run({ words: ['npm', 'start', '--', '--version'], cwd: tree, env: environment() })
    return tree
  }

  async function use (service: Service, how: (api: Api) => Promise<string> = visit): Promise<{ output: string, seen: string }> {
    const dataDir = service.dataDir ?? path.join(folder('data'), 'of this row')
    const { words = ['npm', 'start'] } = service
    const program = start({ words, cwd: service.tree, env: environment({ DATA_DIR: dataDir, ...service.environment }), user: service.user })
    const { seen, ending } = await useAndEnd(program, dataDir, async () => {
      const url = (await program.says(/is ready\s+(http:\S+)/)).replace(/\/$/, '')
      return await how(openApi(() => url, failed(program)))
    })
    // A SIGTERM to npm ends npm itself, and the service with it.
    if (words[0] !== 'npm' && ending !== 0) throw new Error(`it ended with ${ending}`)
    return { output: program.output(), seen: `${seen}; ended with ${ending}, none left` }
  }

  return {
    folder,
    clone,
    prepared: async () => await (setUp ??= prepare()),
    environment,
    use,
    remove: () => { rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }) }
  }
}

/** Uses a program, and ends it with SIGTERM whatever comes of it; nothing of it may be left. */
export async function useAndEnd (
  program: Program, dataDir: string, how: () => Promise<string>
): Promise<{ seen: string, ending: Ending }> {
  let seen
  try {
    seen = await how()
  } catch (error) {
    program.signal('SIGTERM')
    await untilNoneIsLeft(dataDir).catch(() => {}) // what failed first is told
    throw error
  }
  program.signal('SIGTERM')
  const ending = await program.end()
  await untilNoneIsLeft(dataDir)
  return { seen, ending }
}

/** Rejects when the program ends. */
export function failed (program: Program): () => Promise<never> {
  const ended = program.end(2 ** 31 - 1).then((ending): never => { throw new Error(`the service ended with ${ending}`) })
  ended.catch(() => {}) // whoever waits is told
  return async () => await ended
}

/**
 * Does work as another user than root, with a home and data of its own.
 * @param owned  a folder that is the user's meanwhile
 * @throws CannotRun where this is not root
 */
export async function asUser<T> (bench: Bench, owned: string, work: (service: Service) => Promise<T>): Promise<T> {
  const user = chooseServerUser('')
  if (!user) throw new CannotRun('only root may run a service as another user')
  const [home, data] = [bench.folder('home'), bench.folder('data')]
  for (const folder of [owned, home, data]) give(folder, user)
  try {
    return await work({ tree: owned, user, dataDir: path.join(data, 'own'), environment: { HOME: home } })
  } finally {
    give(owned, { uid: 0, gid: 0 })
  }
}

/** Gives a folder with all that is in it to a user. */
export function give (folder: string, { uid, gid }: User): void {
  execFileSync('chown', ['-Rh', `${uid}:${gid}`, folder])
}

/** A folder with links to all programs of PATH but some. @returns what to set PATH to */
export function pathWithout (bench: Bench, without: RegExp): string {
  const folder = bench.folder('programs')
  for (const from of (process.env.PATH ?? '').split(path.delimiter).filter(from => existsSync(from))) {
    for (const name of readdirSync(from)) {
      const link = path.join(folder, name)
      const program = path.join(from, name)
      if (!without.test(name) && !existsSync(link) && existsSync(program)) symlinkSync(realpathSync(program), link)
    }
  }
  return folder
}

/** Runs a command that must fail, in time and with a sentence that matches. @returns the sentence */
export async function refused (command: Command, sentence: RegExp): Promise<string> {
  const program = start(command)
  try {
    const ending = await program.end(120_000)
    const said = program.output().split('\n').find(line => sentence.test(line))
    if (ending === 0) throw new Error('it ended with 0')
    if (said === undefined) throw new Error(`nothing it said matches ${sentence}: ${program.output().trim().slice(-400)}`)
    if (/^\s+at .*:\d+/m.test(program.output())) throw new Error(`it shows a stack: ${program.output().trim().slice(0, 400)}`)
    return said.replace(/^set-up: /, '').trim()
  } catch (error) {
    program.signal('SIGTERM')
    if (command.env.DATA_DIR) await untilNoneIsLeft(command.env.DATA_DIR)
    throw error
  }
}

/** Other users must get there too. */
function makeOpen (folder: string): void {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755)
}

/** The user's own cache by hard links, so that what rows add or break stays here. */
function shareCache (cacheDir: string): void {
  makeOpen(cacheDir)
  const from = path.join(readConfig().cacheDir, 'tensorflow')
  if (!existsSync(from) || statSync(from).isFile()) return // the first set-up downloads it
  if (spawnSync('cp', ['-al', from, cacheDir]).status !== 0) execFileSync('cp', ['-a', from, cacheDir])
}

/** This process's environment without our settings and without what npm tells the scripts that it runs. */
function inherited (): Record<string, string> {
  const ours: string[] = [...settingNames, 'NODE_ENV', 'INIT_CWD']
  const ofNpm = /^npm_(?!config_(registry|cache|cafile|.*proxy)$)/i
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || ours.includes(name) || ofNpm.test(name) ? [] : [[name, value]]))
}
