/**
 * Tokens to vectors, and their mean over the sequence: [length] to [dimensions]. Computed as counts of the tokens times
 * the table: counting needs no order to be exact, so that sums of a GPU repeat themselves, and a product has a gradient
 * of two factors.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { Type } from '../../schema/type.js'
import type { Tf } from '../engine.js'
import { closed, defineLayer, refuse, wiring } from './layer.js'

export const embedding = defineLayer({
  schema: Type.Object({
    type: Type.Literal('embedding', { description: 'A trainable vector per token; their mean over the sequence' }),
    vocabulary: Type.Integer({ description: 'Tokens are 0 .. vocabulary - 1', minimum: 1, maximum: 1_000_000, default: 10_000 }),
    dimensions: Type.Integer({ description: 'Numbers per vector', minimum: 1, maximum: 4096, default: 64 }),
    padding: Type.Optional(Type.Integer({ description: 'Token that fills up short sequences and does not count', minimum: 0, maximum: 999_999 })),
    deviation: Type.Optional(Type.Number({ description: 'Standard deviation of fresh vectors; 1 when left out', exclusiveMinimum: 0, maximum: 100 })),
    ...wiring
  }, closed),
  arity: 'one',
  shape ({ vocabulary, dimensions, padding }, { inputs: [input], path }) {
    if (input!.length !== 1) refuse(path, 'is embedding and must get tokens, [length]', input)
    if (padding !== undefined && padding >= vocabulary) refuse(`${path}.padding`, `must be < ${vocabulary}, the vocabulary`, padding)
    return [dimensions]
  },
  parameters: ({ vocabulary, dimensions, deviation = 1 }) => [{
    name: 'weight',
    shape: [vocabulary, dimensions],
    role: 'trainable',
    initial: (size, stream) => new Float32Array(size).map(() => deviation * stream.normal())
  }],
  forward: (layer, [x], { weight }, { engine: { tf } }) => tf.matMul(sharesOf(tf, layer, x!), weight as unknown as Tensor2D),
  flops: ({ vocabulary, dimensions }) => 2 * vocabulary * dimensions,
  influence: {
    gradients: (layer, input, delta, _, { engine: { tf } }) => ({ weight: [sharesOf(tf, layer, input), delta] }),
    floats: ({ vocabulary, dimensions }) => vocabulary + dimensions
  }
})

/** Share of every token of the vocabulary in every sequence. @param x float32 [n, length] @returns [n, vocabulary] */
function sharesOf (tf: Tf, { vocabulary, padding }: { vocabulary: number, padding?: number }, x: Tensor): Tensor2D {
  const [n, length] = x.shape as [number, number]
  return tf.tidy(() => {
    const rows = tf.tensor1d(Int32Array.from({ length: n * length }, (_, i) => Math.floor(i / length)), 'int32')
    const tokens = tf.reshape(tf.cast(x, 'int32'), [n * length])
    const counts = tf.scatterND(tf.stack([rows, tokens], 1), tf.ones([n * length]), [n, vocabulary]) as Tensor2D
    if (padding === undefined) return tf.mul(counts, 1 / length)
    const counting = tf.tensor1d(Float32Array.from({ length: vocabulary }, (_, token) => token === padding ? 0 : 1))
    const counted = tf.mul(counts, counting)
    return tf.div(counted, tf.maximum(tf.sum(counted, 1, true), 1)) as Tensor2D
  })
}
