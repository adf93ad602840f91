/** Installs what package-lock.json names, when it is not what is installed. No package's own scripts run (.npmrc). */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { runTool } from './run-tool.mjs'
import { hash, readStamp, writeStamp } from './stamps.mjs'

/** How often the number of packages that are there is told. */
const progressMs = 5000

/**
 * Makes node_modules what the lockfile says. Takes a millisecond when it is.
 * @param {string} projectRoot
 * @param {(line: string) => void} log
 */
export async function ensureDependencies (projectRoot, log) {
  const lockfile = readFileSync(path.join(projectRoot, 'package-lock.json'), 'utf8')
  const wanted = hash(lockfile, process.platform, process.arch)
  if (readStamp(projectRoot, 'dependencies') === wanted) return
  if (!isInstalled(projectRoot, JSON.parse(lockfile))) await install(projectRoot, JSON.parse(lockfile), log)
  writeStamp(projectRoot, 'dependencies', wanted)
}

/** Somebody who ran `npm ci` or `npm install` themselves need not wait for it again. */
function isInstalled (projectRoot, lock) {
  const file = path.join(projectRoot, 'node_modules', '.package-lock.json')
  if (!existsSync(file)) return false
  const { packages } = JSON.parse(readFileSync(file, 'utf8'))
  return Object.entries(lock.packages).every(([name, { version, optional }]) =>
    name === '' || (optional && !packages[name]) || packages[name]?.version === version)
}

async function install (projectRoot, lock, log) {
  // Packages for other platforms are not installed.
  const manifests = Object.entries(lock.packages).filter(([name, { optional }]) => name && !optional)
    .map(([name]) => path.join(projectRoot, name, 'package.json'))
  const startedAt = Date.now()
  log('Installing dependencies (npm ci)')
  const timer = setInterval(() => {
    const there = manifests.filter(file => existsSync(file)).length
    log(`Installing dependencies: ${there} of ${manifests.length} packages`)
  }, progressMs)
  try {
    await runTool([npmFile(), 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'], { cwd: projectRoot })
  } catch (error) {
    throw new Error(`The dependencies could not be installed (npm ci):\n${error.message}`)
  } finally {
    clearInterval(timer)
  }
  log(`Dependencies installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
}

/** npm's own JavaScript file: known when npm runs us, else asked of npm beside this Node. */
function npmFile () {
  if (process.env.npm_execpath?.endsWith('.js')) return process.env.npm_execpath
  const root = execFileSync('npm', ['root', '--global'], { encoding: 'utf8', shell: process.platform === 'win32' }).trim()
  return path.join(root, 'npm', 'bin', 'npm-cli.js')
}
