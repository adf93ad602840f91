/**
 * The workers of one thread: each has a vector, which is its state, what the method keeps for it, and the losses of its last
 * batches in a ring; all of it is what it tells. Steps that nobody else sees are made in one go.
 */
import type { Vector } from '../../exchange/exchange.js'
import type { Learning, Pull } from './learning.js'
import type { Method } from './methods/method.js'
import type { LeaderCriterion } from './methods/spec.js'

/** One worker. */
export interface Worker<V extends Vector = Vector> {
  readonly number: number
  /** state, memory of the method, last losses */
  readonly vector: V
  /** completed steps */
  steps: number
  /** Makes steps; `settle` comes after the first of them. */
  advance (count: number, pulls: readonly Pull<V>[], settle?: (vector: V) => void): void
  /** The loss by which it may lead: NaN before its first step where that is the mean of its last batches. */
  loss (): number
}

/** Numbers of a vector. */
export function vectorSize ({ size }: Pick<Learning, 'size'>, { memory }: Pick<Method, 'memory'>, criterion: LeaderCriterion): number {
  return size + memory + ringOf(criterion)
}

/** Makes a worker whose vector is empty: begin() or what was told fills it. */
export function createWorker<V extends Vector> (
  number: number, learning: Learning<V>, method: Method<V>, criterion: LeaderCriterion
): Worker<V> {
  const { size } = learning
  const vector = learning.room(vectorSize(learning, method, criterion))
  const state = vector.subarray(0, size) as V
  const ring = vector.subarray(size + method.memory) as V
  const span = { worker: number, from: 0, count: 0 }
  let losses = new Float64Array(16)

  function make (count: number, pulls: readonly Pull<V>[]): void {
    if (count === 0) return
    if (losses.length < count) losses = new Float64Array(count)
    span.from = worker.steps
    span.count = count
    learning.advance(state, span, pulls, losses)
    if (ring.length > 0) for (let k = 0; k < count; k++) ring[(worker.steps + k) % ring.length] = losses[k]!
    worker.steps += count
  }

  const worker: Worker<V> = {
    number,
    vector,
    steps: 0,
    advance (count, pulls, settle) {
      if (settle === undefined || count === 0) return make(count, pulls)
      make(1, pulls)
      settle(vector)
      make(count - 1, pulls)
    },
    loss () {
      if (ring.length === 0) return learning.criterion(state, { worker: number, step: worker.steps })
      const known = Math.min(ring.length, worker.steps)
      let sum = 0
      for (let k = 0; k < known; k++) sum += ring[k]!
      return sum / known
    }
  }
  return worker
}

/** Puts a worker at its beginning. */
export function beginWorker<V extends Vector> ({ number, vector }: Worker<V>, learning: Learning<V>, method: Method<V>): void {
  learning.begin(number, vector.subarray(0, learning.size) as V)
  method.prepare?.(vector)
}

function ringOf (criterion: LeaderCriterion): number {
  return criterion.type === 'window' ? criterion.batches : 0
}
