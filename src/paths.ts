/** Where the project's own files are, whether it runs from src or from dist. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the folder that holds the project's package.json. */
export const projectRoot = findRoot(path.dirname(fileURLToPath(import.meta.url)))

/** The project's version, from package.json. */
export const projectVersion = (JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as { version: string }).version

function findRoot (folder: string): string {
  const manifest = path.join(folder, 'package.json')
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'descent-lab') return folder
  const parent = path.dirname(folder)
  if (parent === folder) throw new Error('The project folder was not found above its own code')
  return findRoot(parent)
}
