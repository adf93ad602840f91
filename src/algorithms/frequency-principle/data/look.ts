/** What a network says of all examples of a data set, and how far that is from their classes. */
import { argMax, crossEntropy, softmax } from '../../../math/softmax.js'
import type { Examples } from '../../../tensor/batches.js'
import type { Engine } from '../../../tensor/engine.js'
import { allOf, createPass } from '../../../tensor/forward.js'
import type { Network } from '../../../tensor/network.js'
import type { Look } from '../fit.js'
import type { DataTarget } from './spec.js'

/** Examples that the network reads at once; as evaluate() does. */
const passBatch = 250

export interface LookOptions {
  loss: DataTarget['loss']
  /** one-hot classes of the examples, [n, classes] by rows */
  goal: Float64Array
}

/** Opens the look at a network, as it is at every call: raw outputs for squared loss, probabilities for cross-entropy. */
export function openLook (engine: Engine, network: Network, examples: Examples, { loss, goal }: LookOptions): () => Required<Look> {
  const { data: { count }, target } = examples
  const classes = goal.length / count
  const labels = Int32Array.from(target)
  const pass = createPass(engine, network, passBatch, ({ x }) => [network.forward(x)])
  return () => {
    const outputs = new Float64Array(count * classes)
    pass.run(examples, allOf(count), ([batch], at) => { outputs.set(batch!, at * classes) })
    return judgeOutputs(outputs, { labels, goal, loss })
  }
}

/**
 * What outputs are worth. @param outputs [n, classes] by rows; for cross-entropy they become probabilities, in place
 * @param task.labels class of every example, [n]
 */
export function judgeOutputs (outputs: Float64Array, { labels, goal, loss }: LookOptions & { labels: Int32Array }): Required<Look> {
  const count = labels.length
  const classes = outputs.length / count
  const rows = Array.from({ length: count }, (_, i) => outputs.subarray(i * classes, (i + 1) * classes))
  const mean = loss === 'squared' ? squared(outputs, goal) : toProbabilities(rows, labels)
  return { outputs, loss: mean, accuracy: rows.filter((row, i) => argMax(row) === labels[i]).length / count }
}

function squared (outputs: Float64Array, goal: Float64Array): number {
  return outputs.reduce((sum, output, i) => sum + (output - goal[i]!) ** 2, 0) / outputs.length
}

/** Turns logits into probabilities, in place. @returns their mean cross-entropy */
function toProbabilities (rows: Float64Array[], labels: ArrayLike<number>): number {
  let sum = 0
  rows.forEach((row, i) => {
    sum += crossEntropy(row, labels[i]!)
    row.set(softmax(row))
  })
  return sum / rows.length
}
