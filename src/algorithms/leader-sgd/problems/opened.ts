/** What is opened of a problem for the trial's own thread. */
import type { Vector } from '../../../exchange/exchange.js'
import type { RunEvent } from '../../contract.js'
import type { Learning, Measuring } from '../learning.js'
import type { Objective } from './analytic.js'

/** What is learned, as the trial's own thread has it. */
export interface Opened<V extends Vector = Vector> {
  learning: Learning<V>
  measuring: Measuring<V>
  /** what has a closed form */
  objective?: Objective
  /** examples of a worker's step; null where there are none */
  batchSize: number | null
  testExamples?: number
  /** Stores what the training came to as models, at its end; only of networks. */
  store? (places: { centre: V, leader: V }, step: number): Generator<void, RunEvent[]>
}
