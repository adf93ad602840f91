/**
 * Loads the WASM backend of tfjs, for where TensorFlow cannot be had: the same calls, eagerly and slower.
 * Next hop: wasm-kernels.ts, the kernels that it lacks or has too slow.
 */
import { createRequire } from 'node:module'
import type { Tf } from './engine.js'
import { leaveOut } from './left-out.js'
import { registerKernels } from './wasm-kernels.js'

/** Loads the backend into this thread. */
export async function loadWasm (): Promise<{ tf: Tf, version: string }> {
  const require = createRequire(import.meta.url)
  leaveOut(require)
  const tf = require('@tensorflow/tfjs') as Tf // the core alone has no gradients
  tf.enableProdMode()
  const { version_wasm: version } = require('@tensorflow/tfjs-backend-wasm') as { version_wasm: string }
  if (!await tf.setBackend('wasm')) throw new Error('The WASM backend of tfjs did not start')
  await tf.ready()
  registerKernels(tf)
  return { tf, version }
}
