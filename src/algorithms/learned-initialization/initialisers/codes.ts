/** Between states and what networks see and say of them: the family's codes, of which those in 0 .. 1 are spread over -1 .. 1 as inputs. */
import type { Family, Instances } from '../families/family.js'
import type { Box } from './details.js'

/** States that codes stand for, away from where gradients vanish. @param codes [count, coding size] @returns [count, size] */
export function statesOfCodes ({ coding }: Pick<Family, 'coding'>, codes: Float32Array, count: number): Float64Array {
  return coding.decode(coding.loss === 'logistic' ? codes.map(code => Math.log(code) - Math.log1p(-code)) : codes, count)
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
    for (let k = 0; k < coding.size; k++) rows[row * width + features.size + k] = toInput(coding, codes[row * coding.size + k]!)
  }
  return rows
}

/** States that the codes of rows stand for. @param rows as rowsOf() gives them @returns [count, size] */
export function statesOfRows (family: Family, rows: Float32Array, count: number): Float64Array {
  const { features, coding } = family
  const width = features.size + coding.size
  const codes = new Float32Array(count * coding.size)
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < coding.size; k++) codes[row * coding.size + k] = fromInput(coding, rows[row * width + features.size + k]!)
  }
  return statesOfCodes(family, codes, count)
}

/** Two deviations around the mean of every number of the rows' codes, as inputs. */
export function boxOf ({ features, coding }: Family, rows: Float32Array): Box {
  const width = features.size + coding.size
  const count = rows.length / width
  const bound = (value: number) => coding.loss === 'logistic' ? Math.min(1, Math.max(-1, value)) : value
  const box: Box = { low: [], high: [] }
  for (let at = features.size; at < width; at++) {
    let [sum, squares] = [0, 0]
    for (let row = 0; row < count; row++) sum += rows[row * width + at]!
    const mean = sum / count
    for (let row = 0; row < count; row++) squares += (rows[row * width + at]! - mean) ** 2
    const reach = 2 * Math.sqrt(squares / count)
    box.low.push(bound(mean - reach))
    box.high.push(bound(mean + reach))
  }
  return box
}

function toInput ({ loss }: Family['coding'], code: number): number {
  return loss === 'logistic' ? 2 * code - 1 : code
}

function fromInput ({ loss }: Family['coding'], input: number): number {
  return loss === 'logistic' ? (input + 1) / 2 : input
}
