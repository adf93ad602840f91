/** Convolutions whose kernel is spread (dilated): tfjs computes them, but not their gradients. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import type { Engine, Tf } from './engine.js'
import { extentOf, paddingOf, type Windows } from './patches.js'

/**
 * Convolves pictures with a kernel; differentiable in both.
 * @param x       [n, height, width, channels]
 * @param weight  [kernel, kernel, channels, filters]
 * @param windows stride or dilation must be 1
 * @returns       [n, rows, columns, filters], a new tensor
 */
export function convolve ({ tf }: Engine, x: Tensor4D, weight: Tensor4D, windows: Windows): Tensor4D {
  const { stride, padding, dilation = 1 } = windows
  const plain = (x: Tensor4D, weight: Tensor4D): Tensor4D => tf.conv2d(x, weight, stride, padding, 'NHWC', dilation)
  if (dilation === 1) return plain(x, weight)
  const apply = tf.customGrad((x, weight, save) => {
    ;(save as unknown as (tensors: Tensor[]) => void)([x as Tensor, weight as Tensor])
    return {
      value: plain(x as Tensor4D, weight as Tensor4D),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [x, weight] = saved as [Tensor4D, Tensor4D]
        return [inputGradient(tf, dy as Tensor4D, weight, x.shape, windows), filterGradient(tf, x, dy as Tensor4D, windows)]
      }
    }
  })
  return apply(x, weight) as Tensor4D
}

/**
 * dL/dx at stride 1: dL/dy, padded, convolved with the kernel turned by 180 degrees and its channels swapped. A forward
 * kernel, because TensorFlow's own for the gradient knows dilations only where oneDNN has it; where it does (32 channels,
 * 64 x 64), this one takes half to two thirds of its time.
 */
export function inputGradient (
  tf: Tf, dy: Tensor4D, weight: Tensor4D, [, height, width]: readonly number[], windows: Windows
): Tensor4D {
  const padded = tf.pad4d(dy, [[0, 0], rest(height!, windows), rest(width!, windows), [0, 0]])
  const turned = tf.transpose(tf.reverse(weight, [0, 1]), [0, 1, 3, 2]) as Tensor4D
  return tf.conv2d(padded, turned, 1, 'valid', 'NHWC', windows.dilation)
}

/** What is missing on both sides for every input pixel to get all its windows. */
function rest (size: number, windows: Windows): [number, number] {
  const { before, after } = paddingOf(size, windows)
  const reach = extentOf(windows) - 1
  return [reach - before, reach - after]
}

/**
 * dL/dW at stride 1: pixels that a spread kernel sees together lie in one of dilation² pictures of every dilation-th
 * pixel (space to batch), in which the kernel is an ordinary one. Taken apart by its numbers instead, the kernel's
 * gradient took three to six times as long.
 */
function filterGradient (tf: Tf, x: Tensor4D, dy: Tensor4D, windows: Windows): Tensor4D {
  const { kernel, dilation = 1 } = windows
  const axes = [x.shape[1], x.shape[2]].map(size => {
    const { positions, before, after } = paddingOf(size, windows)
    const rows = Math.ceil(positions / dilation) * dilation // of dL/dy, filled up with zeros
    return { pictures: [before, after + rows - positions], deltas: [0, rows - positions] }
  })
  const apart = (of: Tensor4D, paddings: number[][]) => tf.spaceToBatchND(of, [dilation, dilation], paddings)
  return tf.engine().runKernel('Conv2DBackpropFilter', {
    x: apart(x, axes.map(({ pictures }) => pictures)), dy: apart(dy, axes.map(({ deltas }) => deltas))
  }, {
    strides: 1, pad: 'valid', dataFormat: 'NHWC', filterShape: [kernel, kernel, x.shape[3], dy.shape[3]]
  }) as Tensor4D
}
