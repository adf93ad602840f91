/** The report of a table: what every column of the file was taken for, with its counts, and the classes of both splits. */
import type { Counted } from '../bins.js'
import type { Pieces } from '../files.js'
import type { ColumnReport, ColumnType, Histogram } from '../report.js'
import type { ColumnProfile } from './profile.js'
import { readMoments } from './moments.js'
import type { PlannedColumn } from './plan.js'
import { toHistogram, toWordHistogram } from './spread.js'

/** A column of the file, in the order of the file. */
export interface ReportedColumn {
  name: string | null
  profile: ColumnProfile
  type: ColumnType
  role: ColumnReport['role']
  told: boolean
  inputs: number
  planned?: PlannedColumn
  counted?: Counted[]
  histogram?: Histogram
}

/** Reports on a column. @param rows  of all files @param dates  range of a date */
export function reportColumn (column: ReportedColumn, rows: number, trainRows: number, dates?: [string, string]): ColumnReport {
  const { name, profile, type, role, told, inputs } = column
  const numbers = type === 'number' || profile.wordCells === 0 ? readMoments(profile.moments) : undefined
  const distinct = numbers !== undefined ? numbers.distinct : profile.words.isFull ? null : profile.words.counts.size
  const range = dates ?? (numbers && [numbers.least, numbers.greatest])
  const histogram = column.histogram ?? histogramOf(column, trainRows)
  return {
    name,
    position: profile.position,
    type,
    role,
    told,
    rows,
    missing: profile.missing.train + profile.missing.test,
    distinct,
    ...(range ? { range } : {}),
    ...(numbers ? { mean: numbers.mean, deviation: numbers.deviation } : {}),
    examples: profile.examples,
    inputs,
    ...(histogram ? { histogram } : {})
  }
}

/** Counts the examples of each class. */
export function countClasses (labels: Pieces, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const piece of labels()) {
    const codes = new Int32Array(piece.length / 4)
    new Uint8Array(codes.buffer).set(piece)
    for (const code of codes) counts[code]!++
  }
  return counts
}

function histogramOf ({ planned, counted = [] }: ReportedColumn, trainRows: number): Histogram | undefined {
  if (planned === undefined || counted.length === 0) return undefined
  if (planned.type !== 'category') return toHistogram(counted[0]!)
  const counts = planned.coding === 'ordinal' ? counted[0]!.counts : counted.map(({ counts }) => counts[1]!)
  return toWordHistogram(planned.words, counts, trainRows)
}
