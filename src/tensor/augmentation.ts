/**
 * Pictures moved and mirrored at random in training, inside the step, so that a network sees another one of an example
 * every time. What becomes of a picture is a function of the key that the step is fed and of its position in the batch:
 * the same on every backend and after a resume. Evaluation is not augmented.
 */
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Engine } from './engine.js'
import { refuse } from './layers/layer.js'
import type { Network } from './network.js'
import { gatherRows } from './ops.js'
import { uniform } from './dropout.js'

export interface Augmentation {
  /** A window of the picture's size, at random, of the picture with so many zeros (as the network sees them) on every side. */
  cropPadding?: number
  /** mirrors left and right with probability 1/2 */
  flip?: boolean
}

/** Added to the seed in a key, 0 .. 2^30 - 1 and the number of a layer: no layer draws from the keys below 0. */
const keyOffset = -(2 ** 30)

/** @throws invalid_spec for inputs that are no pictures, maps that a moved window would leave without pixels, a padding that is no count */
export function checkAugmentation ({ architecture: { inputShape, head } }: Network, { cropPadding = 0 }: Augmentation): void {
  if (inputShape.length !== 3) refuse('augmentation', 'needs inputs [height, width, channels]', inputShape)
  if (head?.type === 'class-map' && cropPadding !== 0) refuse('augmentation.cropPadding', 'must be 0 with a class per pixel: a moved window leaves pixels out', cropPadding)
  if (!Number.isInteger(cropPadding) || cropPadding < 0) refuse('augmentation.cropPadding', 'must be an integer of 0 or more', cropPadding)
}

/**
 * Crops and mirrors a batch. Numbers are moved, never computed with.
 * @param x    [n, height, width, channels]
 * @param key  int32 [2], made of seed and step; a step's input
 * @returns    [n, height, width, channels], a new tensor
 */
export function augment (engine: Engine, x: Tensor4D, { cropPadding = 0, flip = false }: Augmentation, key: Tensor1D): Tensor4D {
  const { tf } = engine
  return tf.tidy(() => {
    const [n, height, width, channels] = x.shape
    const [rows, columns] = [height + 2 * cropPadding, width + 2 * cropPadding]
    const draws = uniform(engine, [n, 3], tf.add(key, tf.tensor1d([keyOffset, 0], 'int32')))
    const draw = (i: number): Tensor => tf.reshape(tf.slice(draws, [0, i], [n, 1]), [n, 1, 1])
    const shift = (i: number): Tensor => tf.cast(tf.floor(tf.mul(draw(i), 2 * cropPadding + 1)), 'int32') // 0 .. 2 cropPadding: 23 bits
    const integers = (values: number[], ...shape: number[]): Tensor => tf.tensor(values, shape, 'int32')
    const upTo = (length: number): number[] => Array.from({ length }, (_, i) => i)

    const isFlipped = tf.cast(tf.less(draw(2), flip ? 0.5 : 0), 'int32')
    const across = integers(upTo(width).map(column => width - 1 - 2 * column), 1, 1, width) // from a column to its mirror image
    const seen = tf.add(integers(upTo(width), 1, 1, width), tf.mul(isFlipped, across))
    const line = tf.mul(tf.add(integers(upTo(height), 1, height, 1), shift(0)), integers([columns]))
    const from = tf.add(integers(upTo(n).map(picture => picture * rows * columns), n, 1, 1), shift(1))
    const pixels: Tensor1D = tf.reshape(tf.add(tf.add(from, line), seen), [n * height * width])

    const padded = cropPadding === 0 ? x : tf.pad4d(x, [[0, 0], [cropPadding, cropPadding], [cropPadding, cropPadding], [0, 0]])
    return tf.reshape(gatherRows(engine, tf.reshape(padded, [n * rows * columns, channels]), pixels), x.shape)
  })
}

/**
 * Mirrors maps of a batch back whose pictures were mirrored under the same key, so that they fit targets that never moved. A
 * permutation, and its own inverse: so is its gradient.
 * @param maps [n, height, width, channels]
 */
export function mirrorBack (engine: Engine, maps: Tensor4D, { flip = false }: Augmentation, key: Tensor1D): Tensor4D {
  const mirror = engine.tf.customGrad(some => ({
    value: augment(engine, some as Tensor4D, { flip }, key),
    gradFunc: (dy: Tensor) => augment(engine, dy as Tensor4D, { flip }, key)
  }))
  return mirror(maps) as Tensor4D
}
