/** What every position of a convolution sees, as rows (im2col), by slices that every backend has and can be compiled. */
import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Tf } from './engine.js'

export interface Windows { kernel: number, stride: number, padding: 'same' | 'valid' }

/**
 * Cuts pictures into the patches that a convolution multiplies with its kernel.
 * @param x  [n, height, width, channels]
 * @returns  [n, positions, kernel·kernel·channels], channels fastest, as the kernel's own memory has them: a
 *           convolution is patches times the weight reshaped to [kernel·kernel·channels, filters]. A new tensor
 */
export function patchesOf (tf: Tf, x: Tensor4D, { kernel, stride, padding }: Windows): Tensor3D {
  return tf.tidy(() => {
    const [n, height, width, channels] = x.shape
    const rows = padding === 'same' ? Math.ceil(height / stride) : Math.floor((height - kernel) / stride) + 1
    const columns = padding === 'same' ? Math.ceil(width / stride) : Math.floor((width - kernel) / stride) + 1
    // TensorFlow's rule for same: what is odd goes to the lower and right edge.
    const padHeight = Math.max((rows - 1) * stride + kernel - height, 0)
    const padWidth = Math.max((columns - 1) * stride + kernel - width, 0)
    const padded = padding === 'valid' || (padHeight === 0 && padWidth === 0)
      ? x
      : tf.pad4d(x, [[0, 0], halves(padHeight), halves(padWidth), [0, 0]])

    const shifted = []
    for (let i = 0; i < kernel; i++) {
      for (let j = 0; j < kernel; j++) {
        const end = [n, i + (rows - 1) * stride + 1, j + (columns - 1) * stride + 1, channels]
        shifted.push(stride === 1
          ? tf.slice(padded, [0, i, j, 0], [n, rows, columns, channels])
          : tf.stridedSlice(padded, [0, i, j, 0], end, [1, stride, stride, 1]))
      }
    }
    return tf.reshape(tf.concat(shifted, 3), [n, rows * columns, kernel * kernel * channels])
  })
}

function halves (total: number): [number, number] {
  return [Math.floor(total / 2), total - Math.floor(total / 2)]
}
