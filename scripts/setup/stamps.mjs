/**
 * Small files that say for which inputs a step of the set-up was done. They lie with what the step made, so that whoever
 * removes the one removes the other: in node_modules/.descent-lab (npm ci wipes it), or in dist/.descent-lab.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Reads a stamp. @returns {unknown} undefined when there is none */
export function readStamp (projectRoot, name, folder = 'node_modules') {
  try {
    return JSON.parse(readFileSync(stampFile(projectRoot, name, folder), 'utf8'))
  } catch {
    return undefined // never written, or cut off: either way the step is done again
  }
}

/** Writes a stamp: the step is done for these inputs. */
export function writeStamp (projectRoot, name, value, folder = 'node_modules') {
  const file = stampFile(projectRoot, name, folder)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(value)}\n`)
  renameSync(`${file}.${process.pid}`, file)
}

/** Hashes texts. @param {(string | Buffer)[]} parts */
export function hash (...parts) {
  const digest = createHash('sha256')
  for (const part of parts) digest.update(part).update('\0')
  return digest.digest('hex')
}

function stampFile (projectRoot, name, folder) {
  return path.join(projectRoot, folder, '.descent-lab', `${name}.json`)
}
