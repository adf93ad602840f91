/**
 * Pictures of another size, linear between the centres of the pixels (as align_corners = False elsewhere). Two products
 * with constant matrices: their gradient is exact on every backend and the same in every run, which the kernels made
 * for it are not on a GPU.
 */
import type { Tensor3D } from '@tensorflow/tfjs-core'
import { Type } from '../../schema/type.js'
import { sizeOf } from '../../math/arrays.js'
import type { Tf } from '../engine.js'
import { closed, defineLayer, pictureOf, refuse, wiring } from './layer.js'

export const resizeBilinear = defineLayer({
  schema: Type.Object({
    type: Type.Literal('resize-bilinear', { description: 'Pictures of another size, linear between the pixels' }),
    factor: Type.Optional(Type.Integer({
      description: 'How many times as large the picture becomes; left out where a second input has the size that it shall have', minimum: 1, maximum: 64
    })),
    ...wiring
  }, closed),
  arity: 'one or two',
  shape ({ factor }, place) {
    const { inputs: [, like], path } = place
    const [height, width, channels] = pictureOf(place, 'resize-bilinear')
    if ((factor === undefined) === (like === undefined)) refuse(path, 'must have either a factor or a second input', { factor, inputs: place.inputs.length })
    if (like !== undefined && like.length !== 3) refuse(`${path}.inputs[1]`, 'must be a picture, whose size is taken', like)
    return like === undefined ? [height * factor!, width * factor!, channels] : [like[0]!, like[1]!, channels]
  },
  scaling: ({ factor = 1 }) => ({ up: factor }), // of the last input: itself, or the one whose size it takes
  forward ({ factor }, [x, like], _, { engine: { tf } }) {
    const [n, height, width, channels] = x!.shape as [number, number, number, number]
    const [rows, columns] = like ? [like.shape[1]!, like.shape[2]!] : [height * factor!, width * factor!]
    const tall = tf.matMul(interpolation(tf, height, rows), tf.reshape(x!, [n, height, width * channels]) as Tensor3D)
    const wide = tf.matMul(interpolation(tf, width, columns), tf.reshape(tall, [n * rows, width, channels]) as Tensor3D)
    return tf.reshape(wide, [n, rows, columns, channels])
  },
  flops: (_, { inputs: [input] }, output) => 4 * (output[0]! * sizeOf(input!.slice(1)) + sizeOf(output))
})

/** Share of every old pixel in every new one along an axis, [1, to, from]. */
function interpolation (tf: Tf, from: number, to: number): Tensor3D {
  const shares = new Float32Array(to * from)
  for (let i = 0; i < to; i++) {
    const centre = Math.min(from - 1, Math.max(0, (i + 0.5) * from / to - 0.5))
    const low = Math.floor(centre)
    const high = Math.min(from - 1, low + 1)
    shares[i * from + low]! += 1 - (centre - low)
    shares[i * from + high]! += centre - low
  }
  return tf.tensor3d(shares, [1, to, from])
}
