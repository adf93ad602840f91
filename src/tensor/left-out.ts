/**
 * The parts of tfjs that nobody here uses: its union package loads them all, which takes every thread 0.15 s and 12 MB.
 * Before it is loaded nothing is put in their place. Next hops: load-native.ts, wasm.ts.
 */
import type { createRequire } from 'node:module'

type Require = ReturnType<typeof createRequire>

/** Layers must have what tfjs-node extends and calls while it loads. */
const leftOut: Record<string, object> = {
  '@tensorflow/tfjs-layers': { CustomCallback: class {}, registerCallbackConstructor () {} },
  '@tensorflow/tfjs-converter': {},
  '@tensorflow/tfjs-data': {},
  '@tensorflow/tfjs-backend-webgl': {}
}

/** Leaves them out of what is required from now on. What was loaded before stays. */
export function leaveOut (require: Require, modules: Record<string, object> = leftOut): void {
  for (const [name, exports] of Object.entries(modules)) {
    const filename = require.resolve(name)
    require.cache[filename] ??= { id: filename, filename, loaded: true, exports, children: [], paths: [] } as unknown as NodeJS.Module
  }
}
