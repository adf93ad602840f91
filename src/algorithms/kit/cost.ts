/** How much work a network is: what paces boundaries and estimates, where no clock may be read. */
import { forwardFlops, type Architecture } from '../../tensor/architecture.js'

/** Work between two boundaries: well under a second also where TensorFlow does 20 GFLOP/s instead of 150, or WASM 5. */
const paceFlops = { tensorflow: 8e9, wasm: 2e9 }
/** No more than this between two boundaries, however small the network: a step costs 0.2 to 3 ms at least. */
const maxSteps = 64
/** Passes read this many examples at once; parts are whole batches. */
const passBatch = 500

type Backend = keyof typeof paceFlops

/** Training steps between two boundaries: less than a second of work. */
export function stepsPerBoundary (architecture: Architecture, batchSize: number, backend: Backend): number {
  return Math.max(1, Math.min(maxSteps, Math.floor(paceFlops[backend] / (3 * batchSize * forwardFlops(architecture)))))
}

/**
 * Examples that a pass over the data reads between two boundaries.
 * @param relative cost of one example, in forward passes
 */
export function examplesPerBoundary (architecture: Architecture, relative: number, backend: Backend): number {
  const batches = Math.floor(paceFlops[backend] / (relative * forwardFlops(architecture)) / passBatch)
  return passBatch * Math.max(1, Math.min(20, batches))
}
