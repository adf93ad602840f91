/** Cuts a test split off examples that came in one file: at random but from a seed, each part in the file's order. */
import { AppError } from '../errors.js'
import { chooseRows } from './choose-rows.js'
import { bytesOfExample, type Fields } from './description.js'
import type { IncomingSplit, Pieces } from './dataset-file.js'

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
    [name, () => pick(pieces(), bytesOfExample(fields[name]!), marks, wanted)]
  return {
    count: countMarks(marks, wanted),
    fields: Object.fromEntries(Object.entries(all.fields).map(picked))
  }
}

function countMarks (marks: Uint8Array, wanted: number): number {
  let count = 0
  for (let row = 0; row < marks.length; row++) if (marks[row] === wanted) count++
  return count
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

/** Keeps the rows that are marked as wanted, run by run; a piece may begin and end in the middle of a row. */
function * pick (pieces: Iterable<Buffer>, rowBytes: number, marks: Uint8Array, wanted: number): Generator<Buffer> {
  let row = 0
  let left = rowBytes // of the row
  let kept = Buffer.alloc(0)
  for (const piece of pieces) {
    if (kept.length < piece.length) kept = Buffer.allocUnsafeSlow(piece.length)
    const copy = openCopy(piece, kept)
    let used = 0
    for (let at = 0; at < piece.length;) {
      const isWanted = marks[row] === wanted
      const begin = at
      do {
        at += left
        left = rowBytes
        row++
      } while (at < piece.length && (marks[row] === wanted) === isWanted)
      if (at > piece.length) {
        left = at - piece.length
        at = piece.length
        row--
      }
      if (isWanted) {
        copy(begin, at, used)
        used += at - begin
      }
    }
    yield kept.subarray(0, used)
  }
}

/** A call of copy() takes as long as this many bytes take in a loop, where they lie as words. */
const FEW_BYTES = 512
const WORD = Int32Array.BYTES_PER_ELEMENT

/** Copies parts of one buffer into another one, many short ones too. */
function openCopy (from: Buffer, into: Buffer): (begin: number, end: number, at: number) => void {
  if (from.byteOffset % WORD !== 0) return (begin, end, at) => { from.copy(into, at, begin, end) }
  const words = new Int32Array(from.buffer, from.byteOffset, Math.floor(from.length / WORD))
  const copies = new Int32Array(into.buffer, into.byteOffset, Math.floor(into.length / WORD))
  return (begin, end, at) => {
    if (end - begin > FEW_BYTES || (begin | end | at) % WORD !== 0) {
      from.copy(into, at, begin, end)
      return
    }
    const last = end / WORD
    for (let i = begin / WORD, k = at / WORD; i < last; i++, k++) copies[k] = words[i]!
  }
}
