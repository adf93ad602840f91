/**
 * The control: what is seen of an instance says nothing of its minima. An instance is (x, h), of which initialisers see x alone;
 * h is uniform over the period, as P0 is, of
 *
 *     f(theta) = sum_k g(theta_k - h_k),  g(t) = -(cos t + cos(2 t) / 2) / 6
 *
 * whose minima are t = 0 of value -1/4 and t = pi of value 1/12, the border between them 2 pi / 3. Whatever start is chosen
 * without h, theta - h is uniform: every such start ends as random ones do, with (2/3)^size of them in the best basin. Those
 * that look at values, as several starts do, are not bound by this.
 *
 * Descent with rates <= 2 crosses no border: |g''| <= 1/2, a step is a monotone map whose fixed points are the minima and borders.
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Family, Instances } from '../family.js'
import type { FamilyOf } from '../spec.js'
import { drawAround, openSeparate, plainCoding, zero } from './separate.js'

const turn = 2 * Math.PI

/** Of one number of theta: its better minimum, its worse one, and the part of a period that leads to the better one. */
export const well = { best: -1 / 4, worse: 1 / 12, mass: 2 / 3 }

/** Opens the family. */
export function openUnrelated ({ size }: Pick<FamilyOf<'unrelated'>, 'size'>): Family {
  const hidden = ({ data }: Instances, i: number, k: number) => data[2 * size * i + size + k]!
  const seen = ({ data }: Instances, i: number, k: number) => data[2 * size * i + k]!
  return {
    instanceSize: 2 * size,
    size,
    objective: { name: 'objective', unit: '1', sense: 'minimize' },
    sample: (count, random) => ({
      count,
      data: Float64Array.from({ length: 2 * size * count }, (_, i) => i % (2 * size) < size ? random.normal() : turn * random.uniform())
    }),
    start: (count, random) => Float64Array.from({ length: count * size }, () => turn * (random.uniform() - 0.5)),
    startGiven: (instances, random) => drawAround(instances, size, random, (i, k) => seen(instances, i, k)),
    heuristics: zero(size),
    open: instances => openSeparate(instances.count, size, (i, states, from, gradient) => {
      let value = 0
      for (let k = 0; k < size; k++) {
        const t = states[from + k]! - hidden(instances, i, k)
        if (gradient !== undefined) gradient[from + k] = (Math.sin(t) + Math.sin(2 * t)) / 6
        value -= (Math.cos(t) + Math.cos(2 * t) / 2) / 6
      }
      return value
    }),
    reference: {
      name: 'closed form',
      solve: instances => ({
        states: Float64Array.from({ length: instances.count * size }, (_, i) => hidden(instances, Math.floor(i / size), i % size)),
        objectives: new Float64Array(instances.count).fill(size * well.best)
      })
    },
    features: {
      size,
      of: instances => Float32Array.from({ length: instances.count * size }, (_, i) => seen(instances, Math.floor(i / size), i % size))
    },
    coding: plainCoding(size),
    objectiveOf ({ tf }, outputs: Tensor, instances: Tensor): Tensor1D {
      const t = tf.sub(outputs, tf.slice(instances, [0, size], [-1, size]))
      return tf.div(tf.sum(tf.add(tf.cos(t), tf.div(tf.cos(tf.mul(t, 2)), 2)), 1), -6)
    },
    decisionOf: states => states.slice(),
    isBest: (instances, states) => Uint8Array.from({ length: instances.count }, (_, i) => {
      for (let k = 0; k < size; k++) if (Math.cos(states[i * size + k]! - hidden(instances, i, k)) <= -0.5) return 0 // cos(2 pi / 3)
      return 1
    }),
    basinMass: ({ count }) => new Float64Array(count).fill(well.mass ** size)
  }
}
