/** Cuts a test split off examples that came in one file: at random but from a seed, each part in the file's order. */
import type { Split } from '../../dataset.js'
import { AppError } from '../../errors.js'
import { openStream } from '../../random.js'

/** How a test split is cut off when only a training file is given. */
export interface SplitOptions {
  /** part of the examples that becomes the test split, between 0 and 1; 0.2 by default */
  testFraction?: number
  /** number of examples of the test split, instead of a fraction */
  testCount?: number
  /** seed of the choice; 0 by default */
  seed?: number
}

/** Cuts a test split off. @param width numbers per example @throws AppError invalid_dataset when a part would be empty */
export function cutTest (all: Split, width: number, options: SplitOptions = {}): { train: Split, test: Split } {
  const testCount = options.testCount ?? Math.round(all.count * (options.testFraction ?? 0.2))
  if (!(testCount >= 1 && testCount < all.count)) {
    throw new AppError('invalid_dataset', `the test split must have 1 .. ${all.count - 1} of the ${all.count} examples, got ${testCount}`)
  }
  const order = openStream(options.seed ?? 0, 'split').permutation(all.count)
  return {
    train: pick(all, width, order.slice(testCount).sort()),
    test: pick(all, width, order.slice(0, testCount).sort())
  }
}

function pick (all: Split, width: number, indices: Uint32Array): Split {
  const inputs = all.inputs instanceof Uint8Array ? new Uint8Array(indices.length * width) : new Float32Array(indices.length * width)
  const labels = new Int32Array(indices.length)
  indices.forEach((from, to) => {
    inputs.set(all.inputs.subarray(from * width, (from + 1) * width), to * width)
    labels[to] = all.labels[from]!
  })
  return { inputs, labels, count: indices.length }
}
