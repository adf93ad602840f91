/** What every position of a convolution sees, as rows (im2col), by slices that every backend has and can be compiled. */
import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Tf } from './engine.js'

export interface Windows {
  kernel: number
  stride: number
  padding: 'same' | 'valid'
  /** pixels between neighbouring numbers of the kernel, 1 when left out */
  dilation?: number
}

/** Side of the square that a kernel covers. */
export function extentOf ({ kernel, dilation = 1 }: Pick<Windows, 'kernel' | 'dilation'>): number {
  return (kernel - 1) * dilation + 1
}

/**
 * Cuts pictures into the patches that a convolution multiplies with its kernel.
 * @param x  [n, height, width, channels]
 * @returns  [n, positions, kernel·kernel·channels], channels fastest, as the kernel's own memory has them: a
 *           convolution is patches times the weight reshaped to [kernel·kernel·channels, filters]. A new tensor
 */
export function patchesOf (tf: Tf, x: Tensor4D, windows: Windows): Tensor3D {
  return tf.tidy(() => {
    const taps = tapsOf(tf, x, windows)
    const [n, rows, columns, channels] = taps[0]!.shape
    return tf.reshape(tf.concat(taps, 3), [n, rows * columns, taps.length * channels])
  })
}

/**
 * What every number of a kernel meets: for each of them, row by row, the pixels that lie under it as the kernel moves.
 * @param x  [n, height, width, channels]
 * @returns  kernel·kernel new tensors [n, rows, columns, channels]
 */
export function tapsOf (tf: Tf, x: Tensor4D, windows: Windows): Tensor4D[] {
  const { kernel, stride, dilation = 1 } = windows
  const [n, height, width, channels] = x.shape
  const vertical = paddingOf(height, windows)
  const horizontal = paddingOf(width, windows)
  const rows = vertical.positions
  const columns = horizontal.positions
  const padded = tf.pad4d(x, [[0, 0], [vertical.before, vertical.after], [horizontal.before, horizontal.after], [0, 0]])

  const taps: Tensor4D[] = []
  for (let i = 0; i < kernel * dilation; i += dilation) {
    for (let j = 0; j < kernel * dilation; j += dilation) {
      const end = [n, i + (rows - 1) * stride + 1, j + (columns - 1) * stride + 1, channels]
      taps.push(stride === 1
        ? tf.slice(padded, [0, i, j, 0], [n, rows, columns, channels])
        : tf.stridedSlice(padded, [0, i, j, 0], end, [1, stride, stride, 1]) as Tensor4D)
    }
  }
  return taps
}

/**
 * Says how one axis of a picture is padded, by TensorFlow's rule: of an odd number of zeros the larger part comes after.
 * @returns positions of the kernel, and zeros before and after
 */
export function paddingOf (size: number, windows: Windows): { positions: number, before: number, after: number } {
  const { stride, padding } = windows
  const extent = extentOf(windows)
  if (padding === 'valid') return { positions: Math.floor((size - extent) / stride) + 1, before: 0, after: 0 }
  const positions = Math.ceil(size / stride)
  const total = Math.max((positions - 1) * stride + extent - size, 0)
  return { positions, before: Math.floor(total / 2), after: total - Math.floor(total / 2) }
}
