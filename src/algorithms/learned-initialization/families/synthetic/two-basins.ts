/**
 * One number with two minima. An instance x is a number whose sign s = +-1 tells the side of the better minimum, and whose size
 * tells nothing. With u = (s theta - shift) / w
 *
 *     f(theta) = D(u) u^2 (u^2 - 3) / (1 + u^2),  D = 1 + gap for u > 0, 1 for u < 0,  w^2 = 8 (1 + gap)
 *
 * has minima of depth 1 + gap at u = 1 and of depth 1 at u = -1, the border of their basins at u = 0, and curvature 1/2 at the
 * better one, where the solvers' usual rate of 2 is Newton's. P0 is the standard normal distribution, of which Phi(-shift)
 * lies on the better side whatever the instance.
 *
 * Descent ends in the minimum of the side from which it starts: a step is u <- u (1 - rate 2 D (1 - 4 / (1 + u^2)^2) / w^2),
 * the bracket is positive wherever rate <= 4, so no step crosses the border, and for rates below 4 u^2 = 1 is the one place
 * where they come to rest.
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { normalBelow } from '../../../../math/normal.js'
import type { Family, Instances } from '../family.js'
import type { FamilyOf } from '../spec.js'
import { drawAround, drawNormal, openSeparate, plainCoding, zero } from './separate.js'

type Spec = Pick<FamilyOf<'two-basins'>, 'gap' | 'shift'>

/** Opens the family. */
export function openTwoBasins ({ gap, shift }: Spec): Family {
  const width = Math.sqrt(8 * (1 + gap))
  const sideOf = ({ data }: Instances, i: number) => data[i]! < 0 ? -1 : 1
  const best = (instances: Instances) => Float64Array.from({ length: instances.count }, (_, i) => sideOf(instances, i) * (shift + width))
  return {
    instanceSize: 1,
    size: 1,
    objective: { name: 'objective', unit: '1', sense: 'minimize' },
    sample: (count, random) => ({
      count, data: Float64Array.from({ length: count }, () => (random.uniform() < 0.5 ? -1 : 1) * (0.5 + random.uniform()))
    }),
    start: drawNormal,
    /** P0 mirrored in the border: Phi(shift) of it lies on the better side */
    startGiven: (instances, random) => drawAround(instances, 1, random, i => sideOf(instances, i) * 2 * shift),
    heuristics: zero(1),
    open: instances => openSeparate(instances.count, 1, (i, states, from, gradient) => {
      const side = sideOf(instances, i)
      const u = (side * states[from]! - shift) / width
      const depth = u > 0 ? 1 + gap : 1
      if (gradient !== undefined) gradient[from] = side * depth * slope(u) / width
      return depth * well(u)
    }),
    reference: {
      name: 'closed form',
      solve: instances => ({ states: best(instances), objectives: new Float64Array(instances.count).fill(-1 - gap) })
    },
    features: { size: 1, of: ({ data }) => Float32Array.from(data) },
    coding: plainCoding(1),
    objectiveOf ({ tf }, outputs: Tensor, instances: Tensor): Tensor1D {
      const side = tf.div(instances, tf.abs(instances))
      const u = tf.div(tf.sub(tf.mul(side, outputs), shift), width)
      const wellOf = (part: Tensor) => {
        const square = tf.square(part)
        return tf.div(tf.mul(square, tf.sub(square, 3)), tf.add(square, 1))
      }
      // each side's well is 0 on the other one
      const value = tf.add(tf.mul(wellOf(tf.relu(u)), 1 + gap), wellOf(tf.relu(tf.neg(u))))
      return tf.reshape(value, [-1]) as Tensor1D
    },
    decisionOf: states => states.slice(),
    isBest: (instances, states) =>
      Uint8Array.from({ length: instances.count }, (_, i) => sideOf(instances, i) * states[i]! > shift ? 1 : 0),
    basinMass: ({ count }) => new Float64Array(count).fill(massOfP0(shift))
  }
}

/** The part of P0 that lies in the better basin, and that of its mirror image P(. | x). */
export const massOfP0 = (shift: number): number => normalBelow(-shift)
export const massGiven = (shift: number): number => normalBelow(shift)

function well (u: number): number {
  return u * u * (u * u - 3) / (1 + u * u)
}

function slope (u: number): number {
  return 2 * u * (1 - 4 / (1 + u * u) ** 2)
}
