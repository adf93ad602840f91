/**
 * Balls of perturbations: the nearest point of a ball that keeps inputs within their box, the direction in which a step
 * goes, random points. A batch of perturbations is [n, features]; each row has its own ball. Next hop: attack.ts.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import type { RandomStream } from '../math/random.js'
import type { Tf } from './engine.js'

/** l1: sum of magnitudes; l2: Euclidean length; linf: largest magnitude */
export const norms = ['l1', 'l2', 'linf'] as const
export type Norm = typeof norms[number]

/** How far each number of a perturbation may go: low <= 0 <= high. */
export interface Room { low: Tensor2D, high: Tensor2D }

/** The interval that is searched for a multiplier is halved so often: to float32's last digit. */
const halvings = 26

/**
 * The nearest point (Euclidean) of the ball within the room, exactly: not one after the other, which would be neither.
 * For linf it is a clip. For l1 and l2 the Lagrangian falls apart into numbers, so that the point is the clipped soft
 * threshold, or the clipped multiple, of v, with the one threshold or factor at which its norm is the radius. The norm
 * falls with it, so bisection finds it without a sort, in ops that can be compiled. Source for l1: Croce and Hein 2021,
 * arXiv:2103.01208, proposition 2.1, where it is sorted for.
 * @param v       [n, features]; rows that lie in the ball come back as they are
 * @param radius  scalar
 * @returns       a new tensor
 */
export function project (tf: Tf, norm: Norm, v: Tensor2D, radius: Tensor, room?: Room): Tensor2D {
  return tf.tidy(() => {
    const clip = (point: Tensor): Tensor2D =>
      (room ? tf.minimum(tf.maximum(point, room.low), room.high) : point) as Tensor2D
    if (norm === 'linf') return clip(tf.minimum(tf.maximum(v, tf.neg(radius)), radius))

    const sizes = tf.abs(v)
    const [max, shrink, bound, measure] = norm === 'l1'
      ? [
          tf.max(sizes, 1, true), (t: Tensor) => tf.mul(tf.sign(v), tf.relu(tf.sub(sizes, t))),
          radius, (point: Tensor) => tf.sum(tf.abs(point), 1, true)
        ]
      : [
          tf.onesLike(tf.max(v, 1, true)), (t: Tensor) => tf.mul(v, tf.sub(1, t)),
          tf.square(radius), (point: Tensor) => tf.sum(tf.square(point), 1, true)
        ]
    const fits = (t: Tensor) => tf.cast(tf.lessEqual(measure(clip(shrink(t))), bound), 'float32')
    let below: Tensor = tf.zerosLike(max)
    const inside = fits(below)
    let above: Tensor = tf.mul(max, tf.sub(1, inside)) // at 0 the point is v itself
    for (let i = 0; i < halvings; i++) {
      const middle = tf.mul(tf.add(below, above), 0.5)
      const isAbove = fits(middle)
      above = choose(tf, isAbove, middle, above)
      below = choose(tf, isAbove, below, middle)
    }
    return clip(shrink(above))
  })
}

/** a where the mask is 1, b where it is 0: to the bit, for finite numbers. */
export function choose (tf: Tf, mask: Tensor, a: Tensor, b: Tensor): Tensor {
  return tf.add(tf.mul(mask, a), tf.mul(tf.sub(1, mask), b))
}

/**
 * The direction of a step: the gradient's signs for linf, else the gradient at Euclidean length 1 (for l1 too: the
 * projection then keeps the few largest numbers, and on a linear model ends in the best point, box or not).
 * @param gradient  [n, features]; rows of zeros stay zeros, tiny ones keep their direction
 */
export function directionOf (tf: Tf, norm: Norm, gradient: Tensor2D): Tensor2D {
  return tf.tidy(() => {
    if (norm === 'linf') return tf.sign(gradient)
    const largest = tf.max(tf.abs(gradient), 1, true)
    const scaled = tf.div(gradient, tf.maximum(largest, 1e-37)) // whose squares neither vanish nor overflow
    return tf.div(scaled, tf.maximum(tf.sqrt(tf.sum(tf.square(scaled), 1, true)), 1))
  })
}

/**
 * Draws a point: uniform in the cube for linf, uniform on the sphere for l2, on the sphere of l1 with magnitudes that are
 * uniform on the simplex.
 * @param into [features], overwritten
 */
export function drawPoint (norm: Norm, radius: number, stream: RandomStream, into: Float32Array): void {
  if (norm === 'linf') {
    for (let i = 0; i < into.length; i++) into[i] = radius * (2 * stream.uniform() - 1)
    return
  }
  const exponential = () => -Math.log(1 - stream.uniform())
  for (let i = 0; i < into.length; i++) into[i] = norm === 'l2' ? stream.normal() : (stream.uniform() < 0.5 ? -1 : 1) * exponential()
  const size = normOf(norm, into)
  const factor = size > 0 ? radius / size : 0
  for (let i = 0; i < into.length; i++) into[i]! *= factor
}

/** A perturbation's size, summed in Float64. */
export function normOf (norm: Norm, values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    total = norm === 'linf' ? Math.max(total, size) : total + (norm === 'l1' ? size : size * size)
  }
  return norm === 'l2' ? Math.sqrt(total) : total
}
