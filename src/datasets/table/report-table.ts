/** The report of a table, put together from what its passes found. */
import type { IncomingSplit } from '../dataset-file.js'
import type { FieldOf } from '../description.js'
import type { ColumnReport, DatasetReport, Warning } from '../report.js'
import type { Inputs } from './choose-inputs.js'
import type { TypedColumn } from './find-types.js'
import type { Header } from './header.js'
import type { FinishedInputs, MadeInputs } from './inputs.js'
import { readMoments } from './moments.js'
import type { ColumnProfile } from './profile.js'
import type { TableReading } from './read-files.js'
import { countClasses, reportColumn, type ReportedColumn } from './report-column.js'
import type { Roles } from './roles.js'
import { countSpread, openBins, toHistogram, toWordHistogram } from './spread.js'
import { warnOfClasses, warnOfColumns } from './warnings.js'

export interface Splits { train: IncomingSplit, test: IncomingSplit }

/** All that is known when a table is a data set. */
export interface TableFindings {
  header: Header
  roles: Roles
  /** those that are not predicted */
  columns: TypedColumn[]
  chosen: Inputs
  reading: TableReading
  made: MadeInputs
  finished: FinishedInputs
  splits: Splits
}

/** Reports on a table. */
export function reportTable (findings: TableFindings): DatasetReport {
  const { header, roles, chosen, reading, splits } = findings
  const classes = classesOf(findings)
  const rows = reading.files.reduce((sum, { count }) => sum + count, 0)
  const names = (profile: ColumnProfile): string => String(header.names?.[profile.position] ?? profile.position)
  const columns: ColumnReport[] = []
  for (const column of [...inputsOf(findings), ...targetsOf(findings, classes)].sort((a, b) => a.profile.position - b.profile.position)) {
    const dates = column.planned?.type === 'date' ? column.planned.range : undefined
    const name = header.names === undefined ? null : names(column.profile)
    columns.push(reportColumn({ ...column, name }, rows, splits.train.count, dates))
  }
  const unused = Object.keys(reading.classes.renames).filter(text => !reading.classes.renamed.has(text))
  const planned = new Map(findings.made.plan?.columns.map(column => [column.profile, column]))
  const named = chosen.columns.map(column => ({ name: names(column.profile), column, planned: planned.get(column.profile) }))
  const warnings: Warning[] = [
    ...chosen.warnings, ...warnOfColumns(named, rows, reading.files.length > 1), ...roles.target.type === 'classes' ? warnOfClasses(classes, unused) : []
  ]
  return { columns, classes, skipped: [], warnings }
}

function classesOf ({ reading: { target }, splits }: TableFindings): DatasetReport['classes'] {
  if (target.type !== 'classes') return []
  const [train, test] = [splits.train, splits.test].map(({ fields }) => countClasses(fields.target!, target.names.length))
  return target.names.map((name, code) => ({ name, train: train![code]!, test: test![code]! }))
}

type Unnamed = Omit<ReportedColumn, 'name'>

function inputsOf ({ columns, chosen, made: { plan, field }, finished }: TableFindings): Unnamed[] {
  const counted = finished.counted()
  const places = new Map(chosen.columns.map(({ profile }, at) => [profile, at]))
  return columns.map(({ profile, type, told }): Unnamed => {
    const at = places.get(profile)
    const planned = at === undefined ? undefined : plan?.columns[at]
    const isText = plan === undefined && at !== undefined
    const role = planned !== undefined || isText ? 'input' : 'none'
    return {
      profile,
      type,
      told: told !== undefined,
      role,
      inputs: planned?.width ?? (isText ? (field as FieldOf<'tokens'>).shape[0]! : 0),
      ...(planned ? { planned, counted: counted[at!]! } : {})
    }
  })
}

function targetsOf ({ roles, reading: { targets, target }, splits }: TableFindings, classes: DatasetReport['classes']): Unnamed[] {
  const isTold = roles.target.type === 'values' || roles.target.isTold
  if (target.type === 'classes') {
    const [profile] = targets as [ColumnProfile]
    const names = classes.map(({ name }) => name)
    for (const { name, train, test } of classes) profile.words.counts.set(name, { train, test })
    profile.wordCells = splits.train.count + splits.test.count
    profile.examples = names.slice(0, 5)
    const histogram = toWordHistogram(names, classes.map(({ train }) => train), splits.train.count)
    return [{ profile, type: 'category', role: 'target', told: isTold, inputs: 0, histogram }]
  }
  return targets.map((profile, at): Unnamed => {
    const counted = openBins(at, readMoments(profile.moments)!)
    countSpread(splits.train.fields.target!, targets.length, [counted])
    return { profile, type: 'number', role: 'target', told: isTold, inputs: 0, histogram: toHistogram(counted) }
  })
}
