/**
 * Val-Init (Ahuja, Dhurandhar, Varshney, arXiv 2012.12141): theta0 = argmin over candidates c ~ P0 of h_val(c, x), a network's
 * guess at the value that the solver reaches from c. What the network sees of a start is its code beside the features; numbers
 * of a code in 0 .. 1 are spread over -1 .. 1.
 */
import type { Family, Instances } from '../families/family.js'
import type { Box } from './details.js'
import { drawStarts } from './draw.js'
import type { Initialiser, Predictor, Random } from './initialiser.js'
import type { InitialiserOf } from './spec.js'

/** Candidates of instances, and what the network says of them; both instance by instance. */
export interface Candidates {
  /** [count, candidates, size] */
  states: Float64Array
  /** value that each is said to reach, within an instance alone: [count, candidates] */
  predicted: Float32Array
}

export interface ValInit extends Initialiser {
  candidates (instances: Instances, from: number, random: Random): Candidates
}

/** By descent: steps down the predicted value, each so long as this part of the box. */
const descent = { steps: 10, length: 0.05 }

/** Makes the initialiser. @param seen of the codes that the network learned from; only for a search by descent */
export function valInit (
  family: Family, { candidates: runs, search }: Pick<InitialiserOf<'val-init'>, 'candidates' | 'search'>, { predictor, seen }: { predictor: Predictor, seen?: Box | undefined }
): ValInit {
  const { size } = family

  function candidates (instances: Instances, from: number, random: Random): Candidates {
    const { count } = instances
    const drawn = drawStarts(family, { count, from, runs }, random)
    const rows = rowsOf(family, instances, drawn, runs)
    if (search === 'sample') return { states: drawn, predicted: predictor.predict(rows, count * runs) }
    descend(rows, { predictor, count: count * runs, size: family.coding.size, box: seen! })
    return { states: statesOf(family, rows, count * runs), predicted: predictor.predict(rows, count * runs) }
  }

  return {
    runs: 1,
    candidates,
    starts (instances, from, random) {
      const { states, predicted } = candidates(instances, from, random)
      const starts = new Float64Array(instances.count * size)
      for (let i = 0; i < instances.count; i++) {
        const best = i * runs + lowestOf(predicted.subarray(i * runs, (i + 1) * runs))
        starts.set(states.subarray(best * size, (best + 1) * size), i * size)
      }
      return starts
    }
  }
}

/**
 * What a value network sees: the features of an instance, then the code of one of its starts.
 * @param starts  [count, runs, size]
 * @returns       [count, runs, features + coding size]
 */
export function rowsOf ({ features, coding }: Family, instances: Instances, starts: Float64Array, runs: number): Float32Array {
  const { count } = instances
  const width = features.size + coding.size
  const rows = new Float32Array(count * runs * width)
  const seen = features.of(instances)
  const codes = coding.encode(starts, count * runs)
  for (let row = 0; row < count * runs; row++) {
    const i = Math.floor(row / runs)
    rows.set(seen.subarray(i * features.size, (i + 1) * features.size), row * width)
    for (let k = 0; k < coding.size; k++) {
      const code = codes[row * coding.size + k]!
      rows[row * width + features.size + k] = coding.loss === 'logistic' ? 2 * code - 1 : code
    }
  }
  return rows
}

/** Two deviations around the mean of every number of the rows' codes. @param rows as rowsOf() gives them */
export function boxOf ({ features, coding }: Family, rows: Float32Array): Box {
  const width = features.size + coding.size
  const count = rows.length / width
  const box: Box = { low: [], high: [] }
  for (let at = features.size; at < width; at++) {
    let [sum, squares] = [0, 0]
    for (let row = 0; row < count; row++) sum += rows[row * width + at]!
    for (let row = 0; row < count; row++) squares += (rows[row * width + at]! - sum / count) ** 2
    const reach = 2 * Math.sqrt(squares / count)
    const bound = (value: number) => coding.loss === 'logistic' ? Math.min(1, Math.max(-1, value)) : value
    box.low.push(bound(sum / count - reach))
    box.high.push(bound(sum / count + reach))
  }
  return box
}

/** Moves the codes of rows down the predicted value: steps of the gradient's direction, within the box. */
function descend (
  rows: Float32Array, { predictor, count, size, box }: { predictor: Predictor, count: number, size: number, box: Box }
): void {
  const width = rows.length / count
  for (let step = 0; step < descent.steps; step++) {
    const gradients = predictor.inputGradients(rows, count)
    for (let row = 0; row < count; row++) {
      const begin = (row + 1) * width - size
      let square = 0
      for (let k = 0; k < size; k++) square += gradients[begin + k]! ** 2
      if (!(square > 0)) continue
      for (let k = 0; k < size; k++) {
        const [low, high] = [box.low[k]!, box.high[k]!]
        const moved = rows[begin + k]! - descent.length * (high - low) * gradients[begin + k]! / Math.sqrt(square / size)
        rows[begin + k] = Math.min(high, Math.max(low, moved))
      }
    }
  }
}

/** States that the codes of rows stand for. @returns [count, size] */
function statesOf ({ coding }: Family, rows: Float32Array, count: number): Float64Array {
  const width = rows.length / count
  const outputs = new Float32Array(count * coding.size)
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < coding.size; k++) {
      const code = rows[(row + 1) * width - coding.size + k]!
      outputs[row * coding.size + k] = coding.loss === 'logistic' ? Math.log1p(code) - Math.log1p(-code) : code // logit((code + 1) / 2)
    }
  }
  return coding.decode(outputs, count)
}

function lowestOf (values: Float32Array): number {
  let lowest = 0
  values.forEach((value, i) => { if (value < values[lowest]!) lowest = i })
  return lowest
}
