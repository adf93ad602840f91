/**
 * What is known of claims: a file for each that is done, in the cache, by what it depends on (a run that was killed goes on
 * after it); and bench/results/claims.json, the table that READMEs quote.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import path from 'node:path'
import { projectRoot, projectVersion } from '../../src/paths.js'
import type { Claim } from './list.js'

/** What a report says. */
export interface Verdict { claim: string, holds: boolean | null, evidence: string }

/** A line of the table. */
export interface Row extends Verdict, Pick<Claim, 'name' | 'title' | 'predicts' | 'seeds' | 'version' | 'spec'> {
  /** the upload, or that the spec makes its data */
  data: string
  /** until its verdict, beside another claim */
  seconds: number
  note?: string
}

export interface Table { machine: string, versions: Record<string, string>, claims: Row[] }

export const tableFile = path.join(projectRoot, 'bench', 'results', 'claims.json')

/** Makes the line of a claim. */
export function toRow ({ name, title, predicts, seeds, version, spec, data, note }: Claim, verdict: Verdict, seconds: number): Row {
  return {
    name, title, predicts, ...verdict, seeds, data: data ?? 'generated', seconds: Math.round(seconds), version, spec, ...(note === undefined ? {} : { note })
  }
}

/** The committed table; empty where there is none. */
export function readTable (): Table {
  const table = existsSync(tableFile) ? JSON.parse(readFileSync(tableFile, 'utf8')) as Partial<Table> : {}
  return { machine: table.machine ?? '', versions: table.versions ?? {}, claims: table.claims ?? [] }
}

/**
 * Writes the table: lines of this run in place of earlier ones, in the order of the claims; of claims that are gone, or are
 * others by now, none.
 */
export function writeTable (claims: readonly Claim[], fresh: readonly Row[]): Table {
  const earlier = readTable().claims
  const table: Table = {
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`,
    versions: { 'descent-lab': projectVersion, node: process.version },
    claims: claims.flatMap(({ name, spec, version }) =>
      [...fresh, ...earlier].find(row => row.name === name && row.spec === spec && row.version === version) ?? [])
  }
  writeWhole(tableFile, `${JSON.stringify(table, null, 2)}\n`)
  return table
}

export interface Store {
  /** the line of a claim that is done */
  find (key: string): Row | undefined
  keep (key: string, row: Row): void
  /** @returns the file with all that was found of a claim: its tables and figures */
  keepReport (key: string, report: unknown): string
  /** seconds that runs which were killed have spent on a claim */
  spent (key: string): number
  spend (key: string, seconds: number): void
}

/** Opens the files of the cache. @param folder is made */
export function openStore (folder: string): Store {
  mkdirSync(folder, { recursive: true })
  const place = (key: string, what: string) => path.join(folder, `${key}.${what}.json`)
  const read = (file: string): unknown => existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  return {
    find: key => read(place(key, 'done')) as Row | undefined,
    keep (key, row) { writeWhole(place(key, 'done'), JSON.stringify(row)) },
    keepReport (key, report) {
      writeWhole(place(key, 'report'), JSON.stringify(report))
      return place(key, 'report')
    },
    spent: key => (read(place(key, 'spent')) as number | undefined) ?? 0,
    spend (key, seconds) { writeWhole(place(key, 'spent'), JSON.stringify(seconds)) }
  }
}

/** A kill leaves the file as it was, or whole. */
function writeWhole (file: string, text: string): void {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}
