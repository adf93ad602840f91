/** The tensor library as everything in this folder gets it passed. What opens it: open-engine.ts. */
import type * as tfjs from '@tensorflow/tfjs-core'
import type { Native } from './native.js'

/** The tfjs namespace: tensors, ops, gradients. */
export type Tf = typeof tfjs

/** The tensor library of one thread. */
export interface Engine {
  readonly backend: 'tensorflow' | 'wasm'
  readonly tf: Tf
  /** what one op may use; part of every result's fingerprint, for results differ with it */
  readonly threads: number
  /** what it computes on: a GPU where TensorFlow found one that its process may see */
  readonly device: 'cpu' | 'gpu'
  /** what the library was made for; cpu on WASM */
  readonly flavour: 'cpu' | 'cuda'
  /** library versions by name, for fingerprints */
  readonly versions: Readonly<Record<string, string>>
  /** why auto did not get TensorFlow */
  readonly fallback?: string
  /** what the compiler needs of TensorFlow; undefined on WASM */
  readonly native?: Native
  /** Counts what is alive: tensors of tfjs, and tensors and graphs that only the binding knows. Flat unless steps leak. */
  tensorCount (): number
  /** Ends the use of this engine. The library itself stays loaded as long as the thread lives. */
  close (): void
}
