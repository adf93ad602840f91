/** The table of claims as a README has it: between two marks, written by the run, held against claims.json by a test. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { projectRoot } from '../../src/paths.js'
import type { Row } from './store.js'

const begin = '<!-- claims: written by npm run check:claims -->'
const end = '<!-- end of claims -->'

/** The README of a kind. */
export const readmeOf = (kind: string): string => path.join(projectRoot, 'src', 'algorithms', kind, 'README.md')

/** What stands between the marks. @param rows of one kind */
export function drawTable (rows: readonly Row[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  const lines = rows.map(({ name, seeds, data, holds, evidence, seconds, note }) => [
    `\`${name.split('/')[1]}\``, String(seeds), data, holds === null ? 'not decided' : holds ? 'yes' : 'no', `${evidence}${note === undefined ? '' : ` (${note})`}`, String(seconds)
  ])
  return [['preset', 'seeds', 'data', 'holds', 'evidence', 'seconds'], Array(6).fill('---'), ...lines].map(cells => `| ${cells.map(cell).join(' | ')} |`).join('\n')
}

/** A README with the table in place of what was between its marks; undefined where it has none. */
export function withTable (readme: string, rows: readonly Row[]): string | undefined {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)]
  return from < 0 || to < from ? undefined : `${readme.slice(0, from + begin.length)}\n${drawTable(rows)}\n${readme.slice(to)}`
}

/** Writes the table into the READMEs of these kinds, where they have the marks. */
export function writeReadmes (kinds: readonly string[], rows: readonly Row[]): void {
  for (const kind of kinds) {
    const file = readmeOf(kind)
    const changed = existsSync(file) ? withTable(readFileSync(file, 'utf8'), rows.filter(({ name }) => name.startsWith(`${kind}/`))) : undefined
    if (changed !== undefined) writeFileSync(file, changed)
  }
}
