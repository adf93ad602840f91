/**
 * local-sgd: x_i <- mean x, weights alone, every tau steps. data-parallel and lars: the same of whole states after every step
 * from one place: x - rate mean(g) is the mean of x - rate g_i, velocities are linear in gradients too.
 */
import type { Vector } from '../../../exchange/exchange.js'
import { meanInto } from '../../../exchange/mixing/index.js'
import { without, type Method, type Setting } from './method.js'

/** Makes the method. @param of.period between averages (unit: steps) */
export function createAveraging<V extends Vector> (
  { workers, learning }: Setting<V>, { period, what }: { period: number, what: 'weights' | 'state' }
): Method<V> {
  let average = learning.room(0)
  // Of each worker, by a reduction in a ring: a part of the weights goes round twice, to be summed and to be told.
  const copies = 2 * (workers - 1) / workers
  return {
    ...without,
    period,
    composed: what === 'weights' ? learning.weights : learning.size,
    agree ({ told }, compose) {
      average = compose((part, from) => { meanInto(part, told.map(({ state }) => state.subarray(from))) })
    },
    follow (_, vector) { vector.set(average) },
    traffic: () => ({ sent: copies, received: copies }),
    sequential: () => copies
  }
}
