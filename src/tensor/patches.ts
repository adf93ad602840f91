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
    const vertical = paddingOf(height, { kernel, stride, padding })
    const horizontal = paddingOf(width, { kernel, stride, padding })
    const rows = vertical.positions
    const columns = horizontal.positions
    const padded = tf.pad4d(x, [[0, 0], [vertical.before, vertical.after], [horizontal.before, horizontal.after], [0, 0]])

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

/**
 * Says how one axis of a picture is padded, by TensorFlow's rule: of an odd number of zeros the larger part comes after.
 * @returns positions of the kernel, and zeros before and after
 */
export function paddingOf (size: number, { kernel, stride, padding }: Windows): { positions: number, before: number, after: number } {
  if (padding === 'valid') return { positions: Math.floor((size - kernel) / stride) + 1, before: 0, after: 0 }
  const positions = Math.ceil(size / stride)
  const total = Math.max((positions - 1) * stride + kernel - size, 0)
  return { positions, before: Math.floor(total / 2), after: total - Math.floor(total / 2) }
}
