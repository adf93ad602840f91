/** Opens the solving of a batch of instances. */
import type { NamedArrays } from '../../math/arrays.js'
import type { BatchObjective } from '../../math/batch-objective.js'
import type { RandomStream } from '../../math/random.js'
import type { BatchRun, BatchSolver } from './solver.js'

export interface BatchOptions {
  /** of a zeroth-order solver: opens the stream of an instance's directions at a step */
  directions?: (instance: number, step: number) => RandomStream
  /** what save() gave */
  resume?: NamedArrays | undefined
}

/**
 * Starts to solve instances, or goes on.
 * @param starts [count, size], copied
 * @throws Error for a solver of gradients where the objective has none
 */
export function openBatch (_objective: BatchObjective, _solver: BatchSolver, _starts: Float64Array, _options: BatchOptions = {}): BatchRun {
  throw new Error('not yet')
}
