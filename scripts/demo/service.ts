/** Finds the service that the demo talks to: the one that is named, the one that runs here, or one started for it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readConfig, type Config } from '../../src/config.js'
import { chooseDataDir, readAdminKey } from '../../src/start/data-dir.js'
import { projectRoot } from '../../src/paths.js'

export interface Service {
  url: string
  key: string
  /** Ends the service if it was started here. */
  close (): Promise<void>
}

/** The first start makes a database; on a slow disk that takes a while. */
const PATIENCE_MS = 60_000

/** Finds or starts a service. @throws Error when there is no key, or it does not come up */
export async function findService (options: { url?: string | undefined, key?: string | undefined }): Promise<Service> {
  const config = loadConfig()
  const url = options.url ?? `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${config.port}`
  if (await isReady(url)) return { url, key: findKey(config, options.key), close: async () => {} }
  if (options.url !== undefined) throw new Error(`Nothing answers at ${url}/health/ready`)
  console.log(`No service answers at ${url}: starting one for the demo`)
  const child = spawn(process.execPath, [path.join(projectRoot, 'dist', 'src', 'main.js'), 'start'], { stdio: ['ignore', 'pipe', 'inherit'] })
  process.once('exit', () => { child.kill('SIGTERM') })
  const own = await untilReady(child)
  return { url: own, key: findKey(config, options.key), close: async () => { await stop(child) } }
}

function loadConfig (): Config {
  const file = path.join(projectRoot, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
  return chooseDataDir(readConfig()).config
}

function findKey (config: Config, given: string | undefined): string {
  const key = given ?? readAdminKey(config)
  if (key === undefined) throw new Error(`There is no key in ${config.dataDir}: say --key KEY`)
  return key
}

async function isReady (url: string): Promise<boolean> {
  const response = await fetch(`${url}/health/ready`).catch(() => undefined)
  return response?.ok === true
}

/** The service prints its address when it is ready. */
async function untilReady (child: ChildProcess): Promise<string> {
  let output = ''
  child.stdout!.on('data', chunk => { output += String(chunk) })
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await delay(100)) {
    if (child.exitCode !== null) throw new Error(`The service ended while starting:\n${output}`)
    const url = /https?:\/\/[^\s/]+/.exec(output)?.[0]
    if (url !== undefined && await isReady(url)) return url
  }
  child.kill('SIGTERM')
  throw new Error(`The service was not ready within ${PATIENCE_MS / 1000} s:\n${output}`)
}

async function stop (child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise(resolve => { child.once('exit', resolve) })
  child.kill('SIGTERM')
  await ended
}
