/**
 * The table of claims as a README has it: between two marks, written by the run, held against claims.json by a test. A preset
 * that was changed or added since has no line in claims.json, and the table says so.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { projectRoot } from '../../src/paths.js'
import type { Claim } from './list.js'
import type { Row } from './store.js'

const begin = '<!-- claims: written by npm run check:claims -->'
const end = '<!-- end of claims -->'

/** The README of a kind. */
export const readmeOf = (kind: string): string => path.join(projectRoot, 'src', 'algorithms', kind, 'README.md')

/** What stands between the marks. @param claims of one kind @param rows what is known of them */
export function drawTable (claims: readonly Claim[], rows: readonly Row[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  const lines = claims.map(({ name, preset, seeds }) => {
    const row = rows.find(one => one.name === name)
    if (row === undefined) return [`\`${preset}\``, String(seeds), '', 'not measured as it is', '', '']
    const { data, holds, evidence, seconds, note } = row
    const told = `${evidence}${note === undefined ? '' : ` (${note})`}`
    return [`\`${preset}\``, String(row.seeds), data, holds === null ? 'not decided' : holds ? 'yes' : 'no', told, String(seconds)]
  })
  return [['preset', 'seeds', 'data', 'holds', 'evidence', 'seconds'], Array(6).fill('---'), ...lines].map(cells => `| ${cells.map(cell).join(' | ')} |`).join('\n')
}

/** A README with the table in place of what was between its marks; undefined where it has none. */
export function withTable (readme: string, claims: readonly Claim[], rows: readonly Row[]): string | undefined {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)]
  return from < 0 || to < from ? undefined : `${readme.slice(0, from + begin.length)}\n${drawTable(claims, rows)}\n${readme.slice(to)}`
}

/** Writes the tables into the READMEs of the kinds, where they have the marks. */
export function writeReadmes (claims: readonly Claim[], rows: readonly Row[]): void {
  for (const kind of new Set(claims.map(claim => claim.kind))) {
    const file = readmeOf(kind)
    const changed = existsSync(file) ? withTable(readFileSync(file, 'utf8'), claims.filter(claim => claim.kind === kind), rows) : undefined
    if (changed !== undefined) writeFileSync(file, changed)
  }
}
