/**
 * What a worker learns, whatever it is: the first weights, steps on them, and their loss. A method knows workers by their
 * states alone, which are vectors; problems/ has one file for each thing that can be learned.
 */
import type { Vector } from '../../exchange/exchange.js'
import type { NamedArrays } from '../../math/arrays.js'

/** A pull at every step of a span: x <- x - strength (x - target), after the gradient's step. */
export interface Pull<V extends Vector = Vector> { target: V, strength: number }

/** Steps of one worker. */
export interface Span {
  worker: number
  /** completed steps of the worker before it */
  from: number
  count: number
}

/** What the threads of a trial learn: each has one of its own, and they give the same numbers. */
export interface Learning<V extends Vector = Vector> {
  /** numbers of the weights: the first of a state */
  readonly weights: number
  /** numbers of a state: weights, statistics of batches, velocities */
  readonly size: number
  /** where in a state the velocities a are (a <- momentum a + g, one per weight); undefined without momentum */
  readonly velocities: number | undefined
  /** steps of a worker that take well under a second, by their cost: what paces boundaries */
  readonly pace: number
  /** Makes an empty vector; in shared memory when asked. */
  room (length: number, shared?: boolean): V
  /** Writes the first state of a worker. */
  begin (worker: number, state: V): void
  /**
   * Makes steps of one worker, in place.
   * @param losses  gets the loss of every step's batch (or the exact one) before the step, span.count of them
   */
  advance (state: V, span: Span, pulls: readonly Pull<V>[], losses: Float64Array): void
  /** The rate in force at a step of a worker: what `rateInside` and eamsgd's look ahead need. */
  rate (worker: number, step: number): number
  /** Loss that chooses the leader, where that is not the mean of the last batches. @param at whose state it is, after how many steps */
  criterion (state: V, at: { worker: number, step: number }): number
  dispose (): void
}

/** What a place is worth. */
export interface Measured {
  loss: number
  /** part of the test split taken for another class; null where there is none */
  error: number | null
  /** positions in the test split taken for another class */
  mistakes?: number[]
}

/** What is looked at beside the training, by the trial's own thread alone. What may take long is done in parts: a yield after each. */
export interface Measuring<V extends Vector = Vector> {
  /** Exact loss, or that of the test split; of weights with their statistics. */
  measure (state: V): Generator<void, Measured>
  /** Length of the exact gradient; not for networks. */
  gradientNorm? (state: V): number
  /** The same weights, their statistics of batches estimated anew over the training examples; only where layers keep any. */
  reestimate? (state: V): Generator<void, V>
  /** Weights and statistics by their names, float32: what is stored as a model; only of networks. */
  arrays? (state: V): NamedArrays
  dispose (): void
}
