/**
 * Two classes of a data set as points z = y x, +1 and -1. Numbers that are 0 in all of them are left out. Bytes that 0 stays 0 of
 * keep their bytes, others are Float64.
 */
import type { Dataset, Preprocessing } from '../../../datasets/dataset.js'
import { openClasses } from '../../../datasets/classes.js'
import { perNumber } from '../../../datasets/scaling.js'
import { AppError } from '../../../errors.js'
import { sizeOf } from '../../../math/arrays.js'
import type { StoredRows } from '../../../optimizers/rows.js'
import { denseRows } from '../../../optimizers/rows/dense.js'
import { sparseRows } from '../../../optimizers/rows/sparse.js'
import { firstExamples } from '../../kit/data.js'
import { preprocessingOf } from '../../kit/preprocessing.js'
import type { PointsOf } from './spec.js'

/** Kernels reach four gigabytes, and a lane has more to do. */
const MOST_BYTES = 2 ** 31

/** Opens the points. @throws AppError unfit_dataset when a class has no example, all numbers are 0, or they are too many */
export function openClassPoints ({ positive, negative, scaling, trainExamples = Infinity }: PointsOf<'classes'>, data: Dataset): StoredRows {
  const { labelNames, train, inputShape } = openClasses(data)
  const width = sizeOf(inputShape)
  const { inputs, labels } = firstExamples(train, Math.min(trainExamples, train.count))
  const [above, below] = [labelNames.indexOf(positive), labelNames.indexOf(negative)]
  const examples = [...labels.keys()].filter(i => labels[i] === above || labels[i] === below)
  for (const [name, label] of [[positive, above], [negative, below]] as const) {
    if (!examples.some(i => labels[i] === label)) throw new AppError('unfit_dataset', `The training examples have none of class ${name}`)
  }
  const preprocessing = preprocessingOf(scaling, data, { count: labels.length })
  const { offsets, scales } = perNumber(preprocessing, width)
  const seen = (example: number, k: number) => (inputs[example * width + k]! - offsets[k]!) * scales[k]!
  const live = liveNumbers(examples, width, seen)
  if (live.length === 0) throw new AppError('unfit_dataset', `All numbers of the classes ${positive} and ${negative} are 0`)
  const signs = Int8Array.from(examples, i => labels[i] === above ? 1 : -1)
  const isSparse = inputs instanceof Uint8Array && isOneScale(preprocessing)
  const bytes = examples.length * live.length * (isSparse ? 2 : 8)
  if (bytes > MOST_BYTES) {
    throw new AppError('unfit_dataset', `Points must take at most ${MOST_BYTES} bytes in memory, got ${bytes}: use fewer training examples`)
  }
  return isSparse
    ? sparseRows(chosen(Uint8Array, (example, k) => inputs[example * width + k]!), live.length, { signs, scale: scales[0]! })
    : denseRows(chosen(Float64Array, (example, k, i) => signs[i]! * seen(example, k)), live.length)

  /** The live numbers of the examples by rows. */
  function chosen<Values extends Uint8Array | Float64Array> (
    Type: new (length: number) => Values, of: (example: number, k: number, i: number) => number
  ): Values {
    const values = new Type(examples.length * live.length)
    let at = 0
    examples.forEach((example, i) => { for (const k of live) values[at++] = of(example, k, i) })
    return values
  }
}

/** Whether what is stored is only multiplied, all by the same. */
function isOneScale ({ offset, scale }: Preprocessing): boolean {
  return offset === 0 && typeof scale === 'number'
}

/** Which numbers of an example are not 0 in all. */
function liveNumbers (examples: readonly number[], width: number, seen: (example: number, k: number) => number): number[] {
  return Array.from({ length: width }, (_, k) => k).filter(k => examples.some(example => seen(example, k) !== 0))
}
