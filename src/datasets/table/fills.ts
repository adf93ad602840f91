/** What stands where a cell has no value: mean or median of the training rows. Until it is known NaN stands there. */
import type { Pieces } from '../files.js'
import { readFloats } from './floats.js'
import type { InputPlan } from './plan.js'

/** Finds what is filled in, by position among the inputs. @param train  inputs of the training rows, [rows, plan.width] */
export function findFills (plan: InputPlan, train: Pieces, how: 'mean' | 'median'): Map<number, number> {
  const positions = plan.columns.flatMap(column => {
    if (!column.missing || column.type === 'category') return []
    return Array.from({ length: column.type === 'date' ? column.parts.length : 1 }, (_, i) => column.at + i)
  })
  const find = how === 'mean' ? meanOf : medianOf
  return new Map(positions.map(at => [at, Math.fround(find(train, at, plan.width))]))
}

/** Puts numbers where NaN stands. */
export function fillIn (inputs: Pieces, width: number, fills: ReadonlyMap<number, number>): Pieces {
  if (fills.size === 0) return inputs
  return function * () {
    let at = 0
    for (const floats of readFloats(inputs())) {
      for (let i = 0; i < floats.length; i++) {
        if (Number.isNaN(floats[i]!)) floats[i] = fills.get(at)!
        if (++at === width) at = 0
      }
      yield Buffer.from(floats.buffer)
    }
  }
}

function meanOf (train: Pieces, column: number, width: number): number {
  let sum = 0
  let count = 0
  for (const value of columnOf(train, column, width)) {
    sum += value
    count++
  }
  return count === 0 ? 0 : sum / count
}

/** The middle one, or the mean of the two in the middle. One column lies in memory: four bytes a row. */
function medianOf (train: Pieces, column: number, width: number): number {
  let values = new Float32Array(1024)
  let count = 0
  for (const value of columnOf(train, column, width)) {
    if (count === values.length) {
      const larger = new Float32Array(values.length * 2)
      larger.set(values)
      values = larger
    }
    values[count++] = value
  }
  const sorted = values.subarray(0, count).sort()
  return count === 0 ? 0 : (sorted[(count - 1) >> 1]! + sorted[count >> 1]!) / 2
}

/** The numbers of a column that are there. */
function * columnOf (train: Pieces, column: number, width: number): Generator<number> {
  let next = column
  for (const floats of readFloats(train())) {
    for (; next < floats.length; next += width) {
      if (!Number.isNaN(floats[next]!)) yield floats[next]!
    }
    next -= floats.length
  }
}
