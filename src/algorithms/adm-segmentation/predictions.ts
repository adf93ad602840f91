/** What a network says of pictures: shares of labels, and the labels themselves. */
import type { Examples } from '../../tensor/batches.js'
import type { Engine } from '../../tensor/engine.js'
import { evaluate, evaluateProbabilities } from '../../tensor/evaluate.js'
import type { Network } from '../../tensor/network.js'

/** Shares by softmax, [indices, height, width, labels]: as in evaluation, so that X follows from the weights alone. */
export function sharesOf (engine: Engine, network: Network, examples: Examples, indices: Int32Array): Float32Array {
  return evaluateProbabilities(engine, network, { ...withoutFurther(examples), indices })
}

/** Labels of all pictures, [count, height, width]. @param part pictures between two yields */
export function * predictInParts (
  engine: Engine, network: Network, examples: Examples, { part, pixels }: { part: number, pixels: number }
): Generator<void, Uint8Array> {
  const { count } = examples.data
  const labels = new Uint8Array(count * pixels)
  for (let from = 0; from < count; from += part) {
    const indices = Int32Array.from({ length: Math.min(part, count - from) }, (_, i) => from + i)
    labels.set(evaluate(engine, network, { ...withoutFurther(examples), indices }).predictions, from * pixels)
    yield
  }
  return labels
}

function withoutFurther ({ further: _, ...examples }: Examples): Examples {
  return examples
}
