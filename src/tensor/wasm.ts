/**
 * Loads the WASM backend of tfjs and adds the gradient kernel that it lacks. Used where TensorFlow cannot be had:
 * the same calls, eagerly, about five times slower.
 */
import { createRequire } from 'node:module'
import type { Tensor4D, TensorInfo } from '@tensorflow/tfjs-core'
import type { Tf } from './engine.js'
import { patchesOf } from './patches.js'

/** Loads the backend into this thread. */
export async function loadWasm (): Promise<{ tf: Tf, version: string }> {
  const require = createRequire(import.meta.url)
  const tf = require('@tensorflow/tfjs') as Tf // the core alone has no gradients
  tf.enableProdMode()
  const { version_wasm: version } = require('@tensorflow/tfjs-backend-wasm') as { version_wasm: string }
  if (!await tf.setBackend('wasm')) throw new Error('The WASM backend of tfjs did not start')
  await tf.ready()
  if (!tf.getKernel('Conv2DBackpropFilter', 'wasm')) registerConv2DBackpropFilter(tf)
  return { tf, version }
}

interface FilterGradientAttributes {
  strides: number | [number, number]
  pad: 'same' | 'valid' | number
  filterShape: [number, number, number, number]
}

/**
 * dL/dW of a convolution as one matrix product: patches of x, [n·positions, k·k·in], transposed, times dy.
 * Twice the memory traffic of a direct kernel, but the product runs at the backend's full speed.
 */
function registerConv2DBackpropFilter (tf: Tf): void {
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => tf.tidy(() => {
      const { strides, pad, filterShape } = attrs as unknown as FilterGradientAttributes
      const [kernel, kernelWidth, , filters] = filterShape
      const stride = Array.isArray(strides) ? strides[0] : strides
      if (kernel !== kernelWidth || typeof pad === 'number') {
        throw new Error(`Conv2DBackpropFilter on WASM must have a square kernel and padding same or valid, got ${filterShape}, ${pad}`)
      }
      const patches = patchesOf(tf, inputs.x as Tensor4D, { kernel, stride, padding: pad }) // [n, positions, k·k·in]
      const rows = tf.reshape(patches, [-1, patches.shape[2]!])
      const deltas = tf.reshape(inputs.dy as Tensor4D, [-1, filters])
      return tf.reshape(tf.matMul(rows, deltas, true), filterShape)
    }) as TensorInfo
  })
}
