/** Dropout whose mask is a function of a key that is fed, so that a compiled step draws anew at every step. */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { sizeOf } from '../math/arrays.js'
import { philox } from '../math/random.js'
import type { Engine } from './engine.js'
import { attributes, executeOp } from './native.js'

/**
 * Sets elements to 0 with probability `rate` and divides the others by 1 - rate. The mask is the same on both backends.
 * @param rate  0 .. 1, 1 excluded
 * @param key   int32 [2], made of seed and step; a step's input
 * @returns     a new tensor of x's shape
 */
export function dropout<T extends Tensor> (engine: Engine, x: T, rate: number, key: Tensor1D): T {
  const { tf } = engine
  return tf.tidy(() => {
    const keep = tf.cast(tf.greaterEqual(uniform(engine, x.shape, key), rate), 'float32')
    return tf.mul(tf.mul(x, keep), 1 / (1 - rate)) as T
  })
}

/** Uniform numbers on [0, 1) with 23 random bits, as TensorFlow's StatelessRandomUniform defines them. */
export function uniform ({ tf, native }: Engine, shape: number[], key: Tensor1D): Tensor {
  if (!native) return tf.tensor(uniformValues(sizeOf(shape), key.dataSync<'int32'>()), shape, 'float32')
  const { type } = attributes(native)
  const { TF_FLOAT, TF_INT32 } = native.binding
  return executeOp(native, 'StatelessRandomUniform', [type('dtype', TF_FLOAT), type('T', TF_INT32), type('Tseed', TF_INT32)],
    [tf.tensor1d(shape, 'int32'), key])[0]!
}

/** The same numbers without TensorFlow: Philox4x32-10 whose key and counter are themselves a Philox block of the seed. */
export function uniformValues (count: number, [seed0, seed1]: Int32Array): Float32Array {
  const signOf = (seed: number) => seed < 0 ? 0xFFFFFFFF : 0 // seeds are widened to 64 bits
  const mixed = Uint32Array.of(seed0!, signOf(seed0!), seed1!, signOf(seed1!))
  philox(mixed, 0x3ec8f720, 0x02461e29)
  const [key0, key1, counter2, counter3] = mixed
  const block = new Uint32Array(4)
  return Float32Array.from({ length: count }, (_, i) => {
    if (i % 4 === 0) {
      block.set([i / 4, 0, counter2!, counter3!])
      philox(block, key0!, key1!)
    }
    return (block[i % 4]! & 0x7fffff) / 0x800000
  })
}
