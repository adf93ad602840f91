/** What a network learns of the stored solutions: its examples, the order in which they come, and the loss. */
import type { RandomStream } from '../../../math/random.js'
import type { Examples } from '../../../tensor/batches.js'
import type { LossFunction } from '../../../tensor/losses.js'
import type { Family } from '../families/family.js'
import { boxOf, rowsOf } from '../initialisers/codes.js'
import type { Box } from '../initialisers/details.js'
import type { InitialiserOf } from '../initialisers/spec.js'
import { bestOf, type Solutions } from '../offline/solutions.js'
import type { Trained } from './architecture.js'
import { centredLoss, logistic, objectiveLoss, squared } from './losses.js'

export interface Lesson {
  examples: Examples
  loss: LossFunction
  /** rows of an instance, which lie together: a batch has whole instances */
  rows: number
  /** of val-init: deviation of the reached values within instances, by which they were divided */
  deviation?: number
  /** of val-init: where the codes of starts lie */
  seen?: Box
}

/** Makes the lesson. */
export function lessonOf (spec: Trained, family: Family, solutions: Solutions): Lesson {
  return spec.type === 'arg-init' ? lessonOfArguments(spec, family, solutions) : lessonOfValues(family, solutions)
}

/** x -> the code of the best solution that is stored. */
function lessonOfArguments ({ loss }: InitialiserOf<'arg-init'>, family: Family, solutions: Solutions): Lesson {
  const { features, coding, size } = family
  const { instances } = solutions
  return {
    examples: {
      data: { inputs: features.of(instances), count: instances.count },
      inputShape: [features.size],
      preprocessing: { offset: 0, scale: 1 },
      target: coding.encode(bestOf(solutions, size), instances.count),
      ...(loss === 'objective' ? { further: { instances: Float32Array.from(instances.data) } } : {})
    },
    loss: loss === 'objective' ? objectiveLoss(family) : coding.loss === 'logistic' ? logistic : squared,
    rows: 1
  }
}

/** (theta0, x) -> the value that was reached, centred per instance and divided by the deviation over all. */
function lessonOfValues (family: Family, { instances, starts, started, values }: Solutions): Lesson {
  const inputs = rowsOf(family, instances, started, starts)
  const { target, deviation } = centre(values, starts)
  return {
    examples: {
      data: { inputs, count: values.length },
      inputShape: [family.features.size + family.coding.size],
      preprocessing: { offset: 0, scale: 1 },
      target
    },
    loss: centredLoss(starts),
    rows: starts,
    deviation,
    seen: boxOf(family, inputs)
  }
}

/** Values within instances, of deviation 1; where all starts reach the same they are 0, and the deviation 1. */
function centre (values: Float64Array, starts: number): { target: Float32Array, deviation: number } {
  const centred = new Float64Array(values.length)
  let squares = 0
  for (let at = 0; at < values.length; at += starts) {
    const mean = values.subarray(at, at + starts).reduce((sum, value) => sum + value, 0) / starts
    for (let row = at; row < at + starts; row++) {
      centred[row] = values[row]! - mean
      squares += centred[row]! ** 2
    }
  }
  const deviation = Math.sqrt(squares / values.length) || 1
  return { target: Float32Array.from(centred, value => value / deviation), deviation }
}

/** The order of rows in an epoch: instances in a new order, the rows of each one after the other. */
export function orderOf ({ examples: { data: { count } }, rows }: Pick<Lesson, 'examples' | 'rows'>, stream: RandomStream): Uint32Array {
  const order = new Uint32Array(count)
  stream.permutation(count / rows).forEach((instance, at) => {
    for (let k = 0; k < rows; k++) order[at * rows + k] = instance * rows + k
  })
  return order
}
