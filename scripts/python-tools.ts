/** Python's tools for checks and benchmarks: each set a virtual environment under the cache folder, never in the checkout. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readConfig } from '../src/config.js'

/**
 * Installs packages into an environment of their own; does nothing when they are there already.
 * @param name of the environment's folder
 * @returns the folder of its programs
 * @throws Error when Python 3 with venv is missing, or a package cannot be installed
 */
export function installPython (name: string, packages: readonly string[]): string {
  const folder = path.join(readConfig().cacheDir, name)
  const programs = path.join(folder, 'bin')
  const list = path.join(folder, 'packages.txt')
  const wanted = packages.join('\n')
  if (existsSync(list) && readFileSync(list, 'utf8') === wanted) return programs
  if (!existsSync(path.join(programs, 'python'))) run('python3', ['-m', 'venv', folder])
  run(path.join(programs, 'pip'), ['install', ...packages])
  writeFileSync(list, wanted)
  return programs
}

function run (command: string, args: string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (status === 0) return
  throw new Error(`${command} ${args.join(' ')} failed${error === undefined ? '' : `: ${error.message}`}; Python 3 with venv is needed`)
}
