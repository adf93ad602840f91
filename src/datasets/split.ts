/** Cuts a test split off examples that came in one file: at random but from a seed, each part in the file's order. */
import { AppError } from '../errors.js'
import { chooseRows } from './choose-rows.js'
import { bytesOfExample, type Fields } from './description.js'
import { borrowKernels, returnKernels } from './kernels/kernels.js'
import { putRows, roomForRows } from './kernels/row-memory.js'
import type { IncomingSplit } from './dataset-file.js'
import type { Pieces } from './files.js'

/** How a test split is cut off when only a training file is given. */
export interface SplitOptions {
  /** part of the examples that becomes the test split, between 0 and 1; 0.2 by default */
  testFraction?: number
  /** number of examples of the test split, instead of a fraction */
  testCount?: number
  /** seed of the choice; 0 by default */
  seed?: number
  /** whether each class has its share of the test split; otherwise it is left to chance */
  stratify?: boolean
}

/**
 * Cuts a test split off.
 * @param groups of every row, where rows of one group must not stand in both splits
 * @throws AppError invalid_dataset when a part would be empty, or the classes or the groups cannot be split like that
 */
export function cutTest (
  all: IncomingSplit, fields: Fields, options: SplitOptions = {}, groups?: Int32Array
): { train: IncomingSplit, test: IncomingSplit } {
  const wanted = options.testCount ?? Math.round(all.count * (options.testFraction ?? 0.2))
  if (!(wanted >= 1 && wanted < all.count)) {
    throw new AppError('invalid_dataset', `the test split must have 1 .. ${all.count - 1} of the ${all.count} examples, got ${wanted}`)
  }
  const classes = options.stratify ? readClasses(all, fields) : undefined
  const isTest = chooseRows(all.count, wanted, { seed: options.seed ?? 0, classes, groups })
  return { train: pickRows(all, fields, isTest, 0), test: pickRows(all, fields, isTest, 1) }
}

/**
 * The rows of a split that have a mark, in their order. Nothing is read before its pieces are asked for.
 * @param marks one for every row
 */
export function pickRows (all: IncomingSplit, fields: Fields, marks: Uint8Array, wanted: number): IncomingSplit {
  const picked = ([name, pieces]: [string, Pieces]): [string, Pieces] =>
    [name, () => pick(pieces, bytesOfExample(fields[name]!), marks, wanted)]
  return {
    count: countMarks(marks, wanted),
    fields: Object.fromEntries(Object.entries(all.fields).map(picked))
  }
}

function countMarks (marks: Uint8Array, wanted: number): number {
  const counts = new Uint32Array(256)
  for (let row = 0; row < marks.length; row++) counts[marks[row]!]!++
  return counts[wanted]!
}

/** Reads the class of every row. @throws AppError invalid_dataset where the target has none */
export function readClasses ({ count, fields: pieces }: IncomingSplit, { target }: Fields): Int32Array {
  if (target?.type !== 'classes') {
    throw new AppError('invalid_dataset', `stratify must be left out where the target has no classes, got ${target?.type ?? 'no target'}`)
  }
  const bytes = new Uint8Array(count * Int32Array.BYTES_PER_ELEMENT)
  let next = 0
  for (const piece of pieces.target!()) {
    bytes.set(piece, next)
    next += piece.length
  }
  return new Int32Array(bytes.buffer)
}

/** Longer rows are copied one by one, and need no memory. */
const LONG_ROW = 64 * 1024

/** Keeps the rows that are marked as wanted; a piece may begin and end in the middle of a row. */
function pick (pieces: Pieces, rowBytes: number, marks: Uint8Array, wanted: number): Iterable<Buffer> {
  return rowBytes < LONG_ROW ? pickShort(pieces, rowBytes, marks, wanted) : pickLong(pieces(), rowBytes, marks, wanted)
}

function * pickShort (pieces: Pieces, rowBytes: number, marks: Uint8Array, wanted: number): Generator<Buffer> {
  const kernels = borrowKernels()
  try {
    const rows = kernels.heapBase()
    const kept = rows + roomForRows(rowBytes)
    const marked = kept + roomForRows(rowBytes)
    kernels.reserve(marked + roomForRows(rowBytes))
    const memory = Buffer.from(kernels.memory.buffer)
    let done = 0
    for (const count of putRows(kernels, pieces, rowBytes, rows)) {
      memory.set(marks.subarray(done, done + count), marked)
      done += count
      yield memory.subarray(kept, kept + kernels.pick(rows, count, rowBytes, marked, wanted, kept))
    }
  } finally {
    returnKernels(kernels)
  }
}

/** Parts of pieces, and no copies of them. */
function * pickLong (pieces: Iterable<Buffer>, rowBytes: number, marks: Uint8Array, wanted: number): Generator<Buffer> {
  let row = 0
  let left = rowBytes // of the row
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const end = Math.min(at + left, piece.length)
      if (marks[row] === wanted) yield piece.subarray(at, end)
      left -= end - at
      at = end
      if (left > 0) continue
      left = rowBytes
      row++
    }
  }
}
