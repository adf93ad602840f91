/**
 * Opens the tensor library for one thread: TensorFlow through tfjs-node's binding, or the WASM backend where that
 * cannot be had. Everything else in this folder gets the Engine passed. Next hops: load-native.ts, wasm.ts.
 */
import { AppError } from '../errors.js'
import type { Engine } from './engine.js'
import { withLoadLock } from './load-lock.js'
import { loadNative } from './load-native.js'
import { registerNativeKernels } from './native-kernels.js'
import { loadWasm } from './wasm.js'

export interface EngineOptions {
  /** auto: TensorFlow where its binding loads, else WASM */
  backend: 'auto' | 'tensorflow' | 'wasm'
  /** threads of one op, 1 or more; TensorFlow takes it from TF_NUM_INTRAOP_THREADS, which must say the same */
  threads: number
  /** from createLoadLock(); needed where several threads of a process open engines */
  loadLock?: SharedArrayBuffer
}

let opened: Omit<Engine, 'tensorCount' | 'close'> | undefined

/**
 * Opens the engine of this thread. A second call in the thread gets the same library and must ask for the same backend.
 * @throws unavailable when the backend cannot be loaded, or another one is open in this thread
 */
export async function openEngine ({ backend, threads, loadLock }: EngineOptions): Promise<Engine> {
  opened ??= await load(backend, threads, loadLock)
  if (backend !== 'auto' && backend !== opened.backend) {
    throw new AppError('unavailable', `engine.backend must be the one open in this thread (${opened.backend}), got ${backend}`)
  }
  const { tf, native } = opened
  return Object.freeze({
    ...opened,
    tensorCount () {
      const { numTensors, numDataBuffers } = tf.memory()
      if (!native) return numTensors
      const { binding } = native
      return numTensors + Math.max(0, binding.getNumOfTensors() - numDataBuffers) + binding.getNumOfSavedModels()
    },
    close () {
      tf.disposeVariables()
    }
  })
}

async function load (backend: EngineOptions['backend'], threads: number, lock: SharedArrayBuffer | undefined) {
  if (backend === 'wasm') return await openWasm()
  try {
    return await openTensorflow(threads, lock)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (backend === 'tensorflow') throw new AppError('unavailable', `TensorFlow did not load: ${reason}`, {}, { cause: error })
    return await openWasm(reason)
  }
}

async function openTensorflow (threads: number, lock: SharedArrayBuffer | undefined) {
  // Unset, it follows the cores that are visible, and results differ between 1, 2 and 4 threads.
  // eslint-disable-next-line no-restricted-properties -- libtensorflow reads it itself, here it is only compared
  const set = process.env.TF_NUM_INTRAOP_THREADS
  if (set !== String(threads)) {
    throw new Error(`TF_NUM_INTRAOP_THREADS must be set to ${threads} before the process starts, got ${set ?? 'nothing'}`)
  }
  const { tf, native } = await withLoadLock(lock, loadNative)
  registerNativeKernels(tf, native)
  const device = native.binding.isUsingGpuDevice() ? 'gpu' as const : 'cpu' as const
  const versions = { tfjs: tf.version_core, tensorflow: native.binding.TF_Version }
  return { backend: 'tensorflow' as const, tf, native, threads, device, flavour: native.flavour, versions }
}

async function openWasm (fallback?: string) {
  const { tf, version } = await loadWasm()
  return {
    backend: 'wasm' as const,
    tf,
    threads: 1, // its threads need browser workers
    device: 'cpu' as const,
    flavour: 'cpu' as const,
    versions: { tfjs: tf.version_core, wasm: version },
    ...(fallback === undefined ? {} : { fallback })
  }
}
