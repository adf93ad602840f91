/** Quadratics f_i(x) = sum_k a_ik (x_k - c_ik)² / 2 of many instances, which know their minima, and a plain loop over one of them. */
import type { BatchObjective } from '../../../src/math/batch-objective.js'
import { openStream } from '../../../src/math/random.js'

export interface Quadratics extends BatchObjective {
  curvatures: Float64Array
  minima: Float64Array
  /** evaluations that were asked of each, whether a value or a gradient */
  asked: Int32Array
}

interface Shape { count: number, size: number }

/** @param box feasible numbers lie within -box .. box @param broken instances whose value is NaN once x_0 < 0 */
export function makeQuadratics (
  { count, size }: Shape, { box, broken = [] as number[] }: { box?: number, broken?: number[] } = {}
): Quadratics {
  const stream = openStream(3, 'quadratics')
  const curvatures = Float64Array.from({ length: count * size }, () => 0.5 + stream.uniform())
  const minima = Float64Array.from({ length: count * size }, () => stream.normal())
  return withParts({ count, size }, curvatures, minima, box, broken)
}

/** Instances from .. to by themselves. */
export function partOf ({ size, curvatures, minima }: Quadratics, from: number, to: number, box?: number): Quadratics {
  return withParts({ count: to - from, size }, curvatures.slice(from * size, to * size), minima.slice(from * size, to * size), box, [])
}

function withParts (
  { count, size }: Shape, curvatures: Float64Array, minima: Float64Array, box: number | undefined, broken: number[]
): Quadratics {
  const asked = new Int32Array(count)
  function look (states: Float64Array, values: Float64Array, active: Uint8Array | undefined, into?: Float64Array): void {
    for (let i = 0; i < count; i++) {
      if (active?.[i] === 0) {
        values[i] = NaN // whoever looks at it shall see it
        continue
      }
      asked[i]!++
      let value = 0
      for (let k = i * size; k < (i + 1) * size; k++) {
        const by = states[k]! - minima[k]!
        value += curvatures[k]! * by * by / 2
        if (into) into[k] = curvatures[k]! * by
      }
      values[i] = broken.includes(i) && states[i * size]! < 0 ? NaN : value
    }
  }
  return {
    count,
    size,
    curvatures,
    minima,
    asked,
    values: (states, into, active) => { look(states, into, active) },
    gradients: (states, into, values, active) => { look(states, values, active, into) },
    ...(box !== undefined && {
      project (states: Float64Array) { for (let k = 0; k < states.length; k++) states[k] = Math.min(Math.max(states[k]!, -box), box) }
    })
  }
}

export function makeStarts ({ count, size }: Shape): Float64Array {
  const stream = openStream(4, 'starts')
  return Float64Array.from({ length: count * size }, () => 2 * stream.normal())
}
