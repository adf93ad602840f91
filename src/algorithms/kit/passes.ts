/** Passes over data that a run can be left in: they are done in parts, with a boundary after each. */
import type { Examples } from '../../tensor/batches.js'
import type { Engine } from '../../tensor/engine.js'
import { evaluate } from '../../tensor/evaluate.js'
import type { Network } from '../../tensor/network.js'
import type { RunEvent } from '../contract.js'

/** What a network says of all examples of a split. */
export interface Verdicts { losses: Float32Array, predictions: Int32Array }

/** Evaluates a network on all examples. @param part examples between two yields */
export function * evaluateInParts (
  engine: Engine, network: Network, examples: Examples, part: number
): Generator<void, Verdicts> {
  const { count } = examples.data
  const verdicts = { losses: new Float32Array(count), predictions: new Int32Array(count) }
  for (let from = 0; from < count; from += part) {
    const indices = Int32Array.from({ length: Math.min(part, count - from) }, (_, i) => from + i)
    const { losses, predictions } = evaluate(engine, network, { ...examples, indices })
    verdicts.losses.set(losses, from)
    verdicts.predictions.set(predictions, from)
    yield
  }
  return verdicts
}

/** Does a work in parts with a boundary after each; whoever goes on from one of them does the whole work again. */
export async function * inParts<T> (parts: Generator<void, T>, boundary: () => RunEvent): AsyncGenerator<RunEvent, T> {
  for (;;) {
    const { done, value } = parts.next()
    if (done) return value
    yield boundary()
  }
}

/** Mean loss, and the part of the predictions that agree with the labels. */
export function summarise ({ losses, predictions }: Verdicts, labels: Int32Array): { loss: number, accuracy: number } {
  let loss = 0
  let agreeing = 0
  for (let i = 0; i < losses.length; i++) {
    loss += losses[i]!
    if (predictions[i] === labels[i]) agreeing++
  }
  return { loss: loss / losses.length, accuracy: agreeing / losses.length }
}
