/**
 * Least squares with one minimum, the instance x itself: f(theta) = sum_k c_k (theta_k - x_k)^2 / 2, curvatures c_k from 1/2 down to
 * 1 / (2 condition), evenly spaced in their logarithms. All starts lead to the minimum, the sooner the nearer they are.
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Family } from '../family.js'
import type { FamilyOf } from '../spec.js'
import { drawAround, drawNormal, openSeparate, plainCoding, zero } from './separate.js'

/** Opens the family. */
export function openConvex ({ size, condition }: Pick<FamilyOf<'convex'>, 'size' | 'condition'>): Family {
  const curvatures = Array.from({ length: size }, (_, k) => 0.5 * condition ** (size === 1 ? 0 : -k / (size - 1)))
  return {
    instanceSize: size,
    size,
    objective: { name: 'objective', unit: '1', sense: 'minimize' },
    sample: (count, random) => ({ count, data: drawNormal(count * size, random) }),
    start: (count, random) => drawNormal(count * size, random),
    startGiven: (instances, random) => drawAround(instances, size, random, (i, k) => instances.data[i * size + k]!),
    heuristics: zero(size),
    open: ({ count, data }) => openSeparate(count, size, (_, states, from, gradient) => {
      let value = 0
      for (let k = 0; k < size; k++) {
        const away = states[from + k]! - data[from + k]!
        if (gradient !== undefined) gradient[from + k] = curvatures[k]! * away
        value += curvatures[k]! * away * away / 2
      }
      return value
    }),
    reference: { name: 'closed form', solve: ({ count, data }) => ({ states: data.slice(), objectives: new Float64Array(count) }) },
    features: { size, of: ({ data }) => Float32Array.from(data) },
    coding: plainCoding(size),
    objectiveOf: ({ tf }, outputs: Tensor, instances: Tensor): Tensor1D =>
      tf.div(tf.sum(tf.mul(tf.square(tf.sub(outputs, instances)), curvatures), 1), 2),
    decisionOf: states => states.slice()
  }
}
