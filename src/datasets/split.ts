/** Cuts a test split off examples that came in one file: at random but from a seed, each part in the file's order. */
import { AppError } from '../errors.js'
import { openStream } from '../math/random.js'
import { bytesOfExample, type Fields } from './description.js'
import type { IncomingSplit } from './dataset-file.js'

/** How a test split is cut off when only a training file is given. */
export interface SplitOptions {
  /** part of the examples that becomes the test split, between 0 and 1; 0.2 by default */
  testFraction?: number
  /** number of examples of the test split, instead of a fraction */
  testCount?: number
  /** seed of the choice; 0 by default */
  seed?: number
}

/** Cuts a test split off. @throws AppError invalid_dataset when a part would be empty */
export function cutTest (all: IncomingSplit, fields: Fields, options: SplitOptions = {}): { train: IncomingSplit, test: IncomingSplit } {
  const testCount = options.testCount ?? Math.round(all.count * (options.testFraction ?? 0.2))
  if (!(testCount >= 1 && testCount < all.count)) {
    throw new AppError('invalid_dataset', `the test split must have 1 .. ${all.count - 1} of the ${all.count} examples, got ${testCount}`)
  }
  const order = openStream(options.seed ?? 0, 'split').permutation(all.count)
  const isTest = new Uint8Array(all.count)
  for (const row of order.subarray(0, testCount)) isTest[row] = 1
  const part = (wanted: 0 | 1, count: number): IncomingSplit => ({
    count,
    fields: Object.fromEntries(Object.entries(all.fields).map(([name, pieces]) =>
      [name, () => pick(pieces(), bytesOfExample(fields[name]!), isTest, wanted)]))
  })
  return { train: part(0, all.count - testCount), test: part(1, testCount) }
}

/** Keeps the rows that are marked as wanted, run by run; a piece may begin and end in the middle of a row. */
function * pick (pieces: Iterable<Buffer>, rowBytes: number, marks: Uint8Array, wanted: number): Generator<Buffer> {
  let begin = 0
  for (const piece of pieces) {
    const kept = Buffer.allocUnsafe(piece.length)
    let used = 0
    for (let at = 0; at < piece.length;) {
      const row = Math.floor((begin + at) / rowBytes)
      let next = row + 1
      const isWanted = marks[row] === wanted
      while (isWanted && marks[next] === wanted && next * rowBytes - begin < piece.length) next++
      const end = Math.min(piece.length, next * rowBytes - begin)
      if (isWanted) used += piece.copy(kept, used, at, end)
      at = end
    }
    begin += piece.length
    yield kept.subarray(0, used)
  }
}
