/**
 * Kernels that tfjs-node maps to an op of TensorFlow which is not the fastest for the job. The replacement is used
 * eagerly and compiled alike, so both still give the same numbers.
 */
import type { KernelConfig, Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from './engine.js'
import { attributes, executeOp, type Native } from './native.js'

/**
 * Products of two matrices by MatMul. tfjs-node's BatchMatMulV2 prepares every call anew and hands small products to
 * the thread pool: with two threads a product as small as the last layer's took 56 to 68 µs, by MatMul 18 to 25.
 */
export function registerNativeKernels (tf: Tf, native: Native): void {
  const batched = tf.getKernel('BatchMatMul', 'tensorflow')!
  const { type, bool } = attributes(native)
  const kernelFunc: KernelConfig['kernelFunc'] = args => {
    const { a, b } = args.inputs as { a: Tensor, b: Tensor }
    const isPlain = a.shape.length === 2 && b.shape.length === 2 && a.dtype === 'float32' && b.dtype === 'float32'
    if (!isPlain) return batched.kernelFunc(args)
    const { transposeA, transposeB } = args.attrs as { transposeA: boolean, transposeB: boolean }
    return executeOp(native, 'MatMul',
      [type('T', native.binding.TF_FLOAT), bool('transpose_a', transposeA), bool('transpose_b', transposeB)], [a, b])[0]!
  }
  tf.unregisterKernel('BatchMatMul', 'tensorflow')
  tf.registerKernel({ kernelName: 'BatchMatMul', backendName: 'tensorflow', kernelFunc })
}
