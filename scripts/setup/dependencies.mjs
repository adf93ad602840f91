/** Installs what package-lock.json names, when it is not what is installed. No package's own scripts run (.npmrc). */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { askRegistry, npmFile } from './registry.mjs'
import { runTool } from './run-tool.mjs'
import { hash, readStamp, writeStamp } from './stamps.mjs'

/** How often the number of packages that are there is told. */
const progressMs = 5000

/**
 * Makes node_modules what the lockfile says. Takes some milliseconds when it is.
 * @param {string} projectRoot
 * @param {(line: string) => void} log
 * @param {object} [options]
 * @param {boolean} [options.toRun]    the tree is built and only to be run: packages for development may have been pruned
 * @param {number} [options.answerMs]  how long the registry may take to answer
 */
export async function ensureDependencies (projectRoot, log, { toRun = false, answerMs } = {}) {
  const lockfile = readFileSync(path.join(projectRoot, 'package-lock.json'), 'utf8')
  const lock = JSON.parse(lockfile)
  const stamp = () => hash(lockfile, readInstalled(projectRoot), process.platform, process.arch)
  if (readStamp(projectRoot, 'dependencies') === stamp()) return
  if (!isInstalled(projectRoot, lock)) {
    if (toRun && isInstalled(projectRoot, lock, { pruned: true })) return
    await install(projectRoot, lock, log, answerMs)
  }
  writeStamp(projectRoot, 'dependencies', stamp())
}

/** npm's own list of what is there, which everything that npm does afterwards keeps true: npm prune, npm ci --omit=dev. */
function readInstalled (projectRoot) {
  const file = path.join(projectRoot, 'node_modules', '.package-lock.json')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** Somebody who ran `npm ci` or `npm install` themselves need not wait for it again. */
function isInstalled (projectRoot, lock, { pruned = false } = {}) {
  const installed = readInstalled(projectRoot)
  if (installed === '') return false
  const { packages } = JSON.parse(installed)
  return Object.entries(lock.packages).every(([name, { version, optional, dev, devOptional }]) => {
    const mayLack = optional || devOptional || (pruned && dev)
    return name === '' || (mayLack && !packages[name]) || packages[name]?.version === version
  })
}

async function install (projectRoot, lock, log, answerMs) {
  // Packages for other platforms are not installed.
  const manifests = Object.entries(lock.packages).filter(([name, { optional }]) => name && !optional)
    .map(([name]) => path.join(projectRoot, name, 'package.json'))
  const startedAt = Date.now()
  log('Installing dependencies (npm ci)')
  const silence = await askRegistry(projectRoot, answerMs)
  // npm ci removes what is there before it looks whether it can have all of it: that may still serve for something.
  if (silence && readInstalled(projectRoot) !== '') throw new Error(silence)
  const timer = setInterval(() => {
    const there = manifests.filter(file => existsSync(file)).length
    log(`Installing dependencies: ${there} of ${manifests.length} packages`)
  }, progressMs)
  try {
    await runTool([
      npmFile(), 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error',
      '--include=dev', // a checkout is built, also under NODE_ENV=production
      ...(silence ? ['--offline'] : []) // npm's cache may have all of them
    ], { cwd: projectRoot })
  } catch (error) {
    if (silence && error.message.includes('ENOTCACHED')) throw new Error(silence)
    throw new Error(`The dependencies could not be installed (npm ci):\n${error.message}`)
  } finally {
    clearInterval(timer)
  }
  log(`Dependencies installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
}
