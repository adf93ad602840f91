/** The first pass over all files of a table, and what is known after it: profiles, targets in their final codes, groups. */
import type { ReadContext } from '../dataset-file.js'
import type { Field } from '../description.js'
import { broken, type Tally } from '../limits.js'
import { readFirst, type FileRows } from './first-pass.js'
import { needsWords } from './find-types.js'
import { countsUp, nameColumn, type Header } from './header.js'
import { openMissing } from './missing.js'
import type { TableOptions } from './options.js'
import { openProfile, type ColumnProfile } from './profile.js'
import type { Roles } from './roles.js'
import type { TableSource } from './source.js'
import { openClassCodes, readClasses, readValues, sortClasses, type ClassCodes } from './targets.js'
import { openWordBudget } from './words.js'

/** What a table is read by. */
export interface TableTask { train: TableSource, header: Header, roles: Roles, options: TableOptions, context: ReadContext }

/** A test file, and where the columns of the training file stand in it. */
export interface MatchedFile { source: TableSource, header: Header, places: number[] }

export interface TableReading {
  /** of all columns that are not predicted, in the order of the training file */
  profiles: ColumnProfile[]
  /** of those that are predicted; a class's counts are with its codes */
  targets: ColumnProfile[]
  target: Field
  classes: ClassCodes
  /** the training file, and the test file if there is one */
  files: FileRows[]
}

/** Reads the files, and again where columns turn out to be words after numbers. @throws AppError invalid_dataset */
export async function readFiles (task: TableTask, test: MatchedFile | undefined): Promise<TableReading> {
  const reading = await read(task, test, new Set())
  const found = reading.profiles.filter(({ position }) => !task.roles.told.has(position))
  const words = found.filter(needsWords).map(({ position }) => position)
  if (words.length === 0) return check(task, reading)
  const counted: Tally = { ...task.context.tally, addLines () {} }
  return check(task, await read({ ...task, context: { ...task.context, tally: counted } }, test, new Set(words)))
}

async function read (task: TableTask, test: MatchedFile | undefined, words: ReadonlySet<number>): Promise<TableReading> {
  const { train, header, roles, options, context } = task
  const { width } = header
  const profiles: ColumnProfile[] = []
  for (let position = 0; position < width; position++) {
    const told = roles.told.get(position)
    const readsWords = words.has(position) || ['category', 'date', 'text', 'id'].includes(told?.type ?? '')
    const order = told?.detail?.type === 'date' ? told.detail.order : undefined
    profiles.push(openProfile(position, width, readsWords, order))
  }
  const columns = roles.target.type === 'values' ? roles.target.columns : [roles.target.column]
  const targets = columns.map(column => profiles[column]!)
  const predicted = new Set(targets)
  const inputs = profiles.filter(profile => !predicted.has(profile))
  const classes = openClassCodes(options)
  const missing = openMissing(options.missing)
  const budget = openWordBudget()
  const groups = new Map<string, number>()
  const places = profiles.map(({ position }) => position)
  const readOne = async (file: MatchedFile, split: 'train' | 'test'): Promise<FileRows> => {
    const reading = { file: file.source.file, header, places: file.places, missing, context, counting: { split, budget } }
    const target = roles.target.type === 'classes'
      ? readClasses(reading, roles.target, classes, split === 'train')
      : readValues(reading, targets, new Set(roles.told.keys()))
    return await readFirst({ ...file, split, profiles: inputs, missing, target, group: roles.group, groups }, context, budget)
  }
  const files = [await readOne({ source: train, header, places }, 'train')]
  if (test) files.push(await readOne(test, 'test'))
  const target: Field = roles.target.type === 'values'
    ? { type: 'values', columns: columns.map(column => ({ name: String(header.names?.[column] ?? column) })) }
    : { type: 'classes', names: [] }
  return { profiles: inputs, targets, target, classes, files }
}

/** Checks what only the whole shows, and puts the classes in order. */
function check ({ train, header, roles }: TableTask, reading: TableReading): TableReading {
  const { classes, files } = reading
  if (roles.target.type === 'values') return reading
  if (classes.codes.size < 2) throw broken(train.file, `the label column must have 2 different values or more, got ${classes.codes.size}`)
  checkMeasurements(train, header, roles.target, classes, files[0]!.count)
  const names = sortClasses(classes, files.map(({ labels }) => labels!))
  return { ...reading, target: { type: 'classes', names } }
}

/**
 * A line of numbers may be names. It is data for sure when its class comes again, unless it counts as names do.
 * @throws AppError invalid_dataset
 */
export function checkFirstLine (source: TableSource, header: Header, { target }: Roles, { labels }: FileRows): void {
  if (!header.isDoubtful) return
  const { file, first: { cells, line } } = source
  const isAlone = target.type === 'classes' && labels!.indexOf(labels![0]!, 1) < 0
  const sign = countsUp(cells) ? 'counts its columns' : isAlone ? `alone has the class ${JSON.stringify(cells[target.column])}` : undefined
  if (sign !== undefined) throw broken(file, `line ${line} must be names or data, got a line that may be both: it ${sign}; say header=true or header=false`)
}

/** Whole numbers are classes more often than not; of others the upload must say so. */
function checkMeasurements (
  { file }: TableSource, header: Header, { column, isTold }: { column: number, isTold: boolean }, { codes }: ClassCodes, rows: number
): void {
  if (isTold) return
  const names = [...codes.keys()]
  const areNumbers = names.every(name => name !== '' && Number.isFinite(Number(name)))
  const sign = !areNumbers ? undefined : names.some(name => !Number.isInteger(Number(name))) ? 'decimals' : names.length > 100 && 10 * names.length > rows ? `${names.length} different numbers` : undefined
  if (sign !== undefined) {
    throw broken(file, `${nameColumn(column, header)} must have classes, as the last column has where nothing is said, got ${sign}; say targetColumns to predict its numbers, or labelColumn to take them as classes`)
  }
}
