/** Loads tfjs-node, and TensorFlow with it, into a thread. What may be done with its private parts: native.ts. */
import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import util from 'node:util'
import type { Tf } from './engine.js'
import { leaveOut } from './left-out.js'
import type { Native, NodeBackend } from './native.js'

/** Loads the library into this thread. To be called under the load lock. */
export async function loadNative (): Promise<{ tf: Tf, native: Native }> {
  // Node 23 took these out; tfjs-node 4.22 still calls them.
  const removed = { isArray: Array.isArray, isNullOrUndefined: (value: unknown) => value === null || value === undefined }
  for (const [name, value] of Object.entries(removed)) if (!(name in util)) Object.assign(util, { [name]: value })
  const require = createRequire(import.meta.url)
  const packageFile = require.resolve('@tensorflow/tfjs-node-gpu/package.json')
  const binding = path.join(path.dirname(packageFile), 'lib', 'napi-v8', 'tfjs_binding.node')
  leaveOut(require)
  leaveOut(require, { '@mapbox/node-pre-gyp': { find: () => binding } }) // it is sought by a package of its own with twenty others
  const tf = require('@tensorflow/tfjs-node-gpu') as Tf
  tf.enableProdMode()
  const backend = tf.backend() as unknown as NodeBackend
  // The first op starts TensorFlow's thread pools: still under the lock.
  tf.tidy(() => { tf.matMul(tf.zeros([2, 2]), tf.zeros([2, 2])).dataSync() })
  return { tf, native: { backend, binding: backend.binding, flavour: flavourOf(binding) } }
}

/** The binding is a link into the cache, to bindings/<key>; the set-up puts the CUDA libraries into site/nvidia beside it. */
function flavourOf (binding: string): Native['flavour'] {
  return existsSync(path.resolve(realpathSync(binding), '../../../site/nvidia')) ? 'cuda' : 'cpu'
}
