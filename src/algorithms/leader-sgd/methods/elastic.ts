/**
 * easgd and eamsgd: workers and a centre c pull each other, by alpha = beta / workers,
 *
 *   x_i <- x_i - alpha (x_i - c),   c <- c + alpha sum_i (x_i - c),   all from the values before.
 *
 * Source: Zhang, Choromanska, LeCun 2015, equations 5 and 6. eamsgd has Nesterov's momentum delta in the workers' own steps
 * (v <- delta v; x <- x + v; g at x; x <- x - rate g; v <- v - rate g) and, as the authors' Torch code does, takes the
 * difference before a worker's next step and takes it off after that. Learning keeps the place where the gradient is taken,
 * y = x + delta v, and a = -v / rate: so x = y + rate delta a, and y moves as x does.
 */
import type { Vector } from '../../../exchange/exchange.js'
import { meanInto, moveInto, pull, type Difference } from '../../../exchange/mixing/index.js'
import { without, type CentreMethod, type Exchange, type Setting } from './method.js'

export interface ElasticConstants {
  beta: number
  tau: number
  /** momentum of eamsgd; undefined: easgd */
  delta?: number
}

/** Makes the method. */
export function createElastic<V extends Vector> (
  { workers, learning }: Setting<V>, { beta, tau, delta }: ElasticConstants
): CentreMethod<V> {
  const { weights, velocities } = learning
  const alpha = beta / workers
  /** as it is, and as it was before the last exchange */
  let [centre, before] = [learning.room(weights), learning.room(0)]
  let last: Exchange<V> | undefined

  /** x_i, of a worker's state, less the centre, from a number on. @param less the centre from there on */
  function differenceOf (state: V, { worker, step }: { worker: number, step: number }, less: Vector, from = 0): Difference {
    const of = state.subarray(from)
    if (delta === undefined || velocities === undefined) return { of, less }
    return { of, less, ahead: { along: state.subarray(velocities + from), by: learning.rate(worker, step - 1) * delta } }
  }

  return {
    ...without,
    period: tau,
    composed: weights,
    begin (vectors) {
      centre = learning.room(weights)
      meanInto(centre, vectors)
    },
    agree (exchange, compose) {
      const { step, told } = exchange
      last = exchange
      before = centre
      centre = compose((part, from) => {
        const base = before.subarray(from)
        moveInto(part, base, alpha, told.map(({ state }, worker) => differenceOf(state, { worker, step }, base, from)))
      })
    },
    follow (_, vector) {
      if (delta !== undefined) return
      pull(vector, before, alpha, weights)
    },
    ...(delta === undefined
      ? {}
      : {
          settle (worker: number, vector: V) {
            const x = vector.subarray(0, weights)
            moveInto(x, x, -alpha, [differenceOf(last!.told[worker]!.state, { worker, step: last!.step }, before)])
          }
        }),
    get centre () { return centre },
    state: () => ({ centre }),
    load (state) { centre = state.centre!.slice() as V },
    traffic: () => ({ sent: 1, received: 1, fromCentre: 1 }),
    sequential: () => 2,
    visit (at, vector, centre) {
      const difference = learning.room(weights)
      moveInto(difference, difference, alpha, [differenceOf(vector, at, centre)])
      for (let i = 0; i < weights; i++) centre[i]! += difference[i]!
      if (delta !== undefined) return difference
      for (let i = 0; i < weights; i++) vector[i]! -= difference[i]!
      return undefined
    }
  }
}
