/** Passes over data that a run can be left in: they are done in parts, with a boundary after each. */
import type { Labels } from '../../datasets/labelled.js'
import type { Examples } from '../../tensor/batches.js'
import type { Engine } from '../../tensor/engine.js'
import { evaluate } from '../../tensor/evaluate.js'
import type { Network } from '../../tensor/network.js'
import type { RunEvent } from '../contract.js'
import { meanOf } from '../../math/mean.js'

/** What a network says of all examples of a split: loss, and class or values by rows. */
export interface Verdicts<Of extends Labels = Labels> { losses: Float32Array, predictions: Of }

/** Evaluates a network on all examples. @param part examples between two yields */
export function * evaluateInParts<Of extends Labels> (
  engine: Engine, network: Network, examples: Examples & { target: Of }, part: number
): Generator<void, Verdicts<Of>> {
  const { data: { count }, target } = examples
  const width = target.length / count
  const verdicts = { losses: new Float32Array(count), predictions: target.slice() as Of } // as many of the same type
  for (let from = 0; from < count; from += part) {
    const indices = Int32Array.from({ length: Math.min(part, count - from) }, (_, i) => from + i)
    const { losses, predictions } = evaluate<Of>(engine, network, { ...examples, indices })
    verdicts.losses.set(losses, from)
    verdicts.predictions.set(predictions, from * width)
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

/** Mean of the losses. */
export function meanLoss ({ losses }: Pick<Verdicts, 'losses'>): number {
  return meanOf(losses)
}

/** Part of the predicted classes that are those wanted. */
export function accuracyOf (predictions: ArrayLike<number>, wanted: Labels): number {
  let agreeing = 0
  wanted.forEach((label, i) => { agreeing += Number(predictions[i] === label) })
  return agreeing / wanted.length
}

/** Root mean squared error of predicted values, column by column, in their units. @param predictions by rows, as those wanted */
export function errorsOf (predictions: ArrayLike<number>, wanted: Labels, columns: number): number[] {
  const squares = new Float64Array(columns)
  wanted.forEach((value, i) => { squares[i % columns]! += (predictions[i]! - value) ** 2 })
  return Array.from(squares, sum => Math.sqrt(sum * columns / wanted.length))
}
