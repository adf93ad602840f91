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
import { meanInto, moveInto, pull } from '../../../exchange/mixing/index.js'
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
  let [centre, before] = [learning.room(weights), learning.room(weights)]
  let last: Exchange<V> | undefined

  /** x_i of a worker's vector: its first numbers. */
  function placeOf (vector: V, worker: number, step: number): Vector {
    if (delta === undefined || velocities === undefined) return vector
    const ahead = learning.rate(worker, step - 1) * delta
    const place = new Float64Array(weights)
    for (let i = 0; i < weights; i++) place[i] = vector[i]! + ahead * vector[velocities + i]!
    return place
  }

  return {
    ...without,
    period: tau,
    begin (vectors) { meanInto(centre, vectors) },
    agree (exchange) {
      last = exchange
      ;[before, centre] = [centre, before]
      const places = exchange.told.map(({ state }, worker) => placeOf(state, worker, exchange.step))
      moveInto(centre, before, alpha, places.map(of => ({ of, less: before })))
    },
    follow (_, vector) {
      if (delta !== undefined) return
      pull(vector, before, alpha, weights)
    },
    ...(delta === undefined
      ? {}
      : {
          settle (worker: number, vector: V) {
            const place = placeOf(last!.told[worker]!.state, worker, last!.step)
            for (let i = 0; i < weights; i++) vector[i]! -= alpha * (place[i]! - before[i]!)
          }
        }),
    get centre () { return centre },
    state: () => ({ centre }),
    load (state) { centre.set(state.centre!) },
    traffic: () => ({ sent: 1, received: 1, fromCentre: 1 }),
    sequential: () => 2,
    visit ({ worker, step }, vector, centre) {
      const place = placeOf(vector, worker, step)
      const difference = learning.room(weights)
      for (let i = 0; i < weights; i++) difference[i] = alpha * (place[i]! - centre[i]!)
      for (let i = 0; i < weights; i++) centre[i]! += difference[i]!
      if (delta !== undefined) return difference
      for (let i = 0; i < weights; i++) vector[i]! -= difference[i]!
      return undefined
    }
  }
}
