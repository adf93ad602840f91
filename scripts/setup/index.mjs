/**
 * The set-up that `npm start`, `npm test` and every other script does first: each step looks whether it has anything to
 * do, so that a second start loses no time. Plain Node, no dependencies: the first step installs them.
 */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { ensureBuild, isBuilt } from './build.mjs'
import { ensureDependencies } from './dependencies.mjs'
import { withLock } from './lock.mjs'
import { ensurePostgres } from './postgres.mjs'
import { ensurePrismaClient } from './prisma.mjs'
import { readStamp, writeStamp } from './stamps.mjs'
import { cost, ensureTensorflow } from './tensorflow.mjs'

export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..')

/**
 * Makes the checkout runnable; says what it does, and nothing when there is nothing to do.
 * @param {{toRun?: boolean}} [options]  toRun: the service is all that is wanted, so a tree that is built may lack what
 *   only development needs (npm prune --omit=dev)
 */
export async function setUp ({ toRun = false } = {}) {
  const log = line => process.stdout.write(`set-up: ${line}\n`)
  await withLock(projectRoot, log, async () => {
    const isReady = toRun && isBuilt(projectRoot)
    await ensureDependencies(projectRoot, log, { toRun: isReady })
    ensurePostgres(projectRoot)
    // The one waits for the network and a C++ compiler, the other computes.
    await Promise.all([
      ensureTensorBackend(log),
      !isReady && ensurePrismaClient(projectRoot, log).then(() => ensureBuild(projectRoot, log))
    ])
  })
}

/**
 * Makes the TensorFlow binding, or settles for WebAssembly and says so once. What was decided stands in
 * node_modules/.descent-lab/tensor.json: {backend: 'tensorflow', flavour} or {backend: 'wasm', reason, cure?}.
 */
async function ensureTensorBackend (log) {
  const settings = readSettings()
  const decision = settings.TENSOR_BACKEND === 'wasm'
    ? { backend: 'wasm', reason: 'TENSOR_BACKEND says so' }
    // The flavour is said where the machine cannot show it (while an image with CUDA is built), or shall not be asked.
    : await ensureTensorflow({ projectRoot, cacheDir: cacheDir(settings), log, flavour: settings.TENSORFLOW_FLAVOUR || undefined })
  if (settings.TENSOR_BACKEND === 'tensorflow' && decision.backend !== 'tensorflow') {
    // Who names it, as an image does that is built, is not served by something slower in silence.
    throw new Error(`TENSOR_BACKEND is tensorflow, which cannot be set up: ${decision.reason}. ${decision.cure}`)
  }
  const before = readStamp(projectRoot, 'tensor')
  if (JSON.stringify(before) === JSON.stringify(decision)) return
  writeStamp(projectRoot, 'tensor', decision)
  if (decision.backend === 'tensorflow') return log(`TensorFlow is ready (${decision.flavour})`)
  if (decision.cure) log(`${decision.reason}. ${cost}. Everything works without it. ${decision.cure}.`)
}

/** The settings that the set-up itself needs: the environment goes before the file .env. */
function readSettings () {
  const file = path.join(projectRoot, '.env')
  return { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...process.env }
}

/** As src/config.ts has it, which cannot be loaded before the build. */
function cacheDir (settings) {
  return path.resolve(projectRoot, settings.CACHE_DIR || path.join(settings.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'descent-lab'))
}
