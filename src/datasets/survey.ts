/**
 * Makes the report of examples whose format gives none (arrays, pictures, generators): how many there are of each class,
 * and how the numbers of inputs and target are spread. Bytes come by the piece: memory grows with columns, not with rows.
 */
import type { IncomingDataset, IncomingSplit } from './dataset-file.js'
import { layoutOf, type Field, type FieldOf } from './description.js'
import type { ColumnReport, DatasetReport, Warning } from './report.js'
import { shortest } from './table/codings.js'

/** Columns that are described; a picture of 28 x 28 as a row of numbers fits. */
const MAX_COLUMNS = 1000
const BINS = 20
const EXAMPLES = 5
/** Names that one warning lists. */
const MAX_NAMED = 10

/** Describes a data set on its way: tables of numbers are read twice, for the bins lie between the least and the greatest. */
export function surveyDataset (dataset: IncomingDataset): DatasetReport {
  const { inputs, target } = dataset.description.fields
  const classes = target?.type === 'classes' ? countClasses(dataset, target) : []
  const columns = [
    ...inputs.type === 'features' ? describeColumns(dataset, 'inputs', inputs) : [],
    ...target?.type === 'values' ? describeColumns(dataset, 'target', target) : []
  ]
  return { columns, classes, skipped: [], warnings: findWarnings({ inputs, columns, classes }) }
}

function countClasses ({ train, test }: IncomingDataset, { names }: FieldOf<'classes'>): DatasetReport['classes'] {
  const count = ({ fields }: IncomingSplit): Float64Array => {
    const counts = new Float64Array(names.length)
    for (const labels of numbersOf(fields.target!(), 'I32')) for (const label of labels) counts[label]!++
    return counts
  }
  const [inTrain, inTest] = [count(train), count(test)]
  return names.map((name, label) => ({ name, train: inTrain[label]!, test: inTest[label]! }))
}

function describeColumns (
  { train, test }: IncomingDataset, name: 'inputs' | 'target', field: FieldOf<'features'> | FieldOf<'values'>
): ColumnReport[] {
  const { dtype, shape: [width = 0] } = layoutOf(field)
  const shown = Math.min(width, MAX_COLUMNS)
  const columns = Array.from({ length: shown }, openColumn)
  const visit = ({ fields }: IncomingSplit, use: typeof addValues): void => {
    let base = 0 // column of the first number of a piece
    for (const numbers of numbersOf(fields[name]!(), dtype)) {
      for (let at = 0; at < shown; at++) use(columns[at]!, numbers, (at - base + width) % width, width)
      base = (base + numbers.length) % width
    }
  }
  for (const split of [train, test]) visit(split, addValues)
  visit(train, addToBins)
  return columns.map((column, position) => {
    const told = field.columns?.[position]?.name ?? null
    return toReport(column, { name: told, position, role: name === 'inputs' ? 'input' : 'target', inputs: name === 'inputs' ? 1 : 0 })
  })
}

interface OpenColumn {
  /** finite numbers, and others */
  count: number
  missing: number
  min: number
  max: number
  /** sums of the differences from the first number, which keep what sums of squares of large numbers lose */
  first: number
  sum: number
  squares: number
  examples: string[]
  bins: number[]
}

function openColumn (): OpenColumn {
  const bins = new Array<number>(BINS).fill(0)
  return { count: 0, missing: 0, min: Infinity, max: -Infinity, first: 0, sum: 0, squares: 0, examples: [], bins }
}

type Numbers = Uint8Array | Int32Array | Float32Array

/** Adds the numbers of a column, which stand `width` apart: many millions, so nothing is called for each of them. */
function addValues (column: OpenColumn, numbers: Numbers, begin: number, width: number): void {
  let { count, missing, min, max, first, sum, squares } = column
  for (let i = begin; i < numbers.length; i += width) {
    const value = numbers[i]!
    if (!Number.isFinite(value)) {
      missing++
      continue
    }
    if (count++ === 0) first = value
    if (count <= EXAMPLES) column.examples.push(String(shortest(value)))
    if (value < min) min = value
    if (value > max) max = value
    const difference = value - first
    sum += difference
    squares += difference * difference
  }
  Object.assign(column, { count, missing, min, max, first, sum, squares })
}

function addToBins ({ min, max, bins }: OpenColumn, numbers: Numbers, begin: number, width: number): void {
  const range = max - min
  for (let i = begin; i < numbers.length; i += width) {
    const value = numbers[i]!
    if (!Number.isFinite(value)) continue
    const bin = range > 0 ? ((value - min) / range * BINS) | 0 : 0
    bins[bin < BINS ? bin : BINS - 1]!++
  }
}

function toReport (
  { count, missing, min, max, first, sum, squares, examples, bins }: OpenColumn,
  where: Pick<ColumnReport, 'name' | 'position' | 'role' | 'inputs'>
): ColumnReport {
  const common = { ...where, type: 'number', told: true, rows: count + missing, missing, distinct: null, examples } as const
  if (count === 0) return common
  const mean = sum / count
  const isConstant = min === max
  return {
    ...common,
    range: [min, max],
    mean: first + mean,
    deviation: isConstant ? 0 : Math.sqrt(Math.max(0, squares / count - mean * mean)),
    histogram: {
      type: 'numbers',
      edges: isConstant ? [min, max] : Array.from({ length: BINS + 1 }, (_, i) => i === BINS ? max : min + (max - min) * i / BINS),
      counts: isConstant ? [bins[0]!] : bins
    }
  }
}

function findWarnings ({ inputs, columns, classes }: { inputs: Field } & Pick<DatasetReport, 'columns' | 'classes'>): Warning[] {
  const constant = columns.filter(({ range }) => range !== undefined && range[0] === range[1])
    .map(({ name, position, role }) => name ?? `${position}${role === 'target' ? ' of the target' : ''}`)
  const rare = classes.filter(({ train }) => train < 2).map(({ name, train }) => `${name} (${train})`)
  const width = inputs.type === 'features' ? inputs.shape[0]! : 0
  return [
    ...constant.length > 0 ? [{ code: 'constant_column', text: `${constant.length} columns have one value in every row: ${list(constant)}` }] : [],
    ...rare.length > 0 ? [{ code: 'rare_class', text: `${rare.length} classes have less than 2 examples to train on: ${list(rare)}` }] : [],
    ...width > MAX_COLUMNS ? [{ code: 'columns_not_shown', text: `only the first ${MAX_COLUMNS} of ${width} columns are described` }] : []
  ]
}

function list (names: string[]): string {
  return names.slice(0, MAX_NAMED).join(', ') + (names.length > MAX_NAMED ? ', …' : '')
}

const arrays = { U8: Uint8Array, I32: Int32Array, F32: Float32Array } as const

/** The numbers of pieces that may end in the middle of one. */
function * numbersOf (pieces: Iterable<Buffer>, dtype: keyof typeof arrays): Generator<Numbers> {
  const size = arrays[dtype].BYTES_PER_ELEMENT
  let rest: Buffer = Buffer.alloc(0)
  for (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    const numbers = new arrays[dtype](Math.floor(bytes.length / size)) // a copy: a piece may begin anywhere in its memory
    new Uint8Array(numbers.buffer).set(bytes.subarray(0, numbers.byteLength))
    rest = Buffer.from(bytes.subarray(numbers.byteLength))
    yield numbers
  }
}
