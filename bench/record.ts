/** What every benchmark does with its figures: prints a row per case and writes bench/results/<name>.json. */
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import path from 'node:path'
import { projectRoot, projectVersion } from '../src/paths.js'

export interface Timing { min: number, median: number }

export interface Case {
  name: string
  unit: string
  better: 'lower' | 'higher'
  ours: Timing
  /** null: the peer is not installed */
  peer: (Timing & { name: string }) | null
  /** beside them, without an aim */
  also?: Record<string, Timing>
  /** what `ours / peer` shall be, or `ours` where there is no peer; at most for lower, at least for higher */
  aim: number | null
}

/** Minimum and median of repetitions. */
export function summarise (values: number[]): Timing {
  const sorted = [...values].sort((a, b) => a - b)
  return { min: sorted[0]!, median: sorted[sorted.length >> 1]! }
}

/**
 * Prints the table and writes the file.
 * @param versions of what was measured
 * @param facts more about the machine and what was run, where its CPU does not say it
 */
export async function record (
  name: string, cases: Case[], versions: Record<string, string>, facts: Record<string, string> = {}
): Promise<void> {
  const judged = cases.map(one => {
    const ratio = one.peer === null ? null : one.ours.min / one.peer.min
    const value = ratio ?? (one.peer === null ? one.ours.median : null)
    const met = one.aim === null || value === null ? null : one.better === 'lower' ? value <= one.aim : value >= one.aim
    return { ...one, ratio, met }
  })
  const rows = judged.map(one => [
    one.name, `${figure(one.ours.min)} / ${figure(one.ours.median)} ${one.unit}`,
    one.peer === null ? '-' : `${figure(one.peer.min)} / ${figure(one.peer.median)} (${one.peer.name})`,
    one.ratio === null ? '-' : figure(one.ratio), one.aim === null ? '-' : figure(one.aim), one.met === null ? '-' : one.met ? 'met' : 'missed'
  ])
  print([['case', 'ours min / median', 'peer min / median', 'ratio', 'aim', ''], ...rows])
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`
  const file = path.join(projectRoot, 'bench', 'results', `${name}.json`)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify({ machine, ...facts, versions: { 'descent-lab': projectVersion, node: process.version, ...versions }, cases: judged }, null, 2)}\n`)
}

function print (rows: string[][]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  for (const row of rows) process.stdout.write(`${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()}\n`)
}

function figure (value: number): string {
  return String(Number(value.toPrecision(3)))
}
