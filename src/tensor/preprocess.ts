/** What stands between stored inputs and a network: their element type, and the change of numbers that the network wants. */
import type { Tensor } from '@tensorflow/tfjs-core'
import type { FieldArray, Scale } from '../datasets/dataset.js'
import type { Engine } from './engine.js'
import { toFloat } from './ops.js'
import type { InputSpec } from './step.js'

/** (x - offset) · scale, in float32. @param x [..., last axis], any element type @returns a new tensor */
export function preprocess (engine: Engine, x: Tensor, { offset, scale }: Scale): Tensor {
  const { tf } = engine
  return tf.tidy(() => {
    const values = toFloat(engine, x)
    const shifted = offset === 0 ? values : tf.sub(values, offset)
    return scale === 1 ? shifted : tf.mul(shifted, scale)
  })
}

/** The element type of stored numbers. */
export function elementType (values: FieldArray): InputSpec['type'] {
  if (values instanceof Uint8Array) return 'uint8'
  return values instanceof Int32Array ? 'int32' : 'float32'
}
