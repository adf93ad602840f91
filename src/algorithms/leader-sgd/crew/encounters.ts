/** What happens to workers that come by, each on its own, in one thread of a crew. */
import type { Vector } from '../../../exchange/exchange.js'
import type { Pull } from '../learning.js'
import type { Worker } from '../workers.js'

/** What a worker does beside its own steps. */
export interface Encounters {
  /** Steps until one comes by that has made so many. */
  span (steps: number): number
  /** Pulls that a worker feels at every step now. */
  pulls (worker: number): readonly Pull[]
  /** Comes by, and tells. @param made  steps since the last time */
  comeBy (worker: Worker, made: number): void
  /** What is to be taken off a worker's weights after its next step. */
  takeOwed (worker: number): Vector | undefined
}

/** Tells where a worker is. @param owed  of its weights already taken off in what is told */
export type Tell = (worker: Worker, loss: number, owed?: Vector) => void
