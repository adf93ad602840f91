/**
 * A class per pixel: outputs are logits [n, height, width, classes], targets integers [n, height · width] with 255 where
 * a pixel has no label. The loss of an example is the mean over its labelled pixels, 0 where there is none.
 */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { Type } from '../../schema/type.js'
import { UNLABELLED } from '../../datasets/unlabelled.js'
import type { Engine } from '../engine.js'
import { closed, refuse } from '../layers/layer.js'
import { crossEntropy, roundedCrossEntropy } from '../ops.js'
import { defineHead } from './head.js'
import { maxProbable, softmaxRows } from './rows.js'

export const classMap = defineHead({
  schema: Type.Object({ type: Type.Literal('class-map', { description: 'Softmax cross-entropy over the labelled pixels' }) }, closed),
  check ({ shape, path, layer }) {
    if (shape.length !== 3) refuse(path, 'must give [height, width, classes]', shape)
    if ('activation' in layer && (layer.activation ?? 'linear') !== 'linear') refuse(path, 'must be linear, for its outputs are the logits', layer)
  },
  losses: (_, engine, outputs, targets) => overPixels(engine, outputs, targets, crossEntropy),
  batchLosses: (_, engine, outputs, targets) => overPixels(engine, outputs, targets, roundedCrossEntropy),
  predict: (outputs, [,, classes]) => maxProbable(outputs, classes!),
  probabilities: (outputs, [,, classes]) => softmaxRows(outputs, classes!),
  targetSize: ([height, width]) => height! * width!,
  ruleOfTarget (value, [,, classes]) {
    const isClass = Number.isInteger(value) && value >= 0 && value < classes!
    return isClass || value === UNLABELLED ? undefined : `a class, 0 .. ${classes! - 1}, or ${UNLABELLED} where a pixel has no label`
  },
  findMisfit (field, [height, width, classes]) {
    const fits = field.type === 'classMap' && field.shape.join() === `${height},${width}` && field.names.length <= classes!
    return fits ? undefined : `classMap [${height}, ${width}] (at most ${classes})`
  }
})

function overPixels (engine: Engine, outputs: Tensor, targets: Tensor, lossesOf: typeof crossEntropy): Tensor1D {
  const { tf } = engine
  const [n, height, width, classes] = outputs.shape as [number, number, number, number]
  const map = tf.reshape(targets, [n, height, width])
  const isLabelled = tf.cast(tf.notEqual(map, UNLABELLED), 'float32')
  const known = tf.mul(map, tf.cast(isLabelled, 'int32')) // every target must be a class
  const logits: Tensor2D = tf.reshape(outputs, [n * height * width, classes])
  const perPixel = lossesOf(engine, logits, tf.reshape(known, [n * height * width]) as Tensor1D)
  const sums = tf.sum(tf.mul(tf.reshape(perPixel, [n, height * width]), tf.reshape(isLabelled, [n, height * width])), 1)
  return tf.div(sums, tf.maximum(tf.sum(isLabelled, [1, 2]), 1)) as Tensor1D
}
