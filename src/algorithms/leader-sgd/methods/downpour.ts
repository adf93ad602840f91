/**
 * downpour: every `push` steps workers add what they have moved since to a centre, every `fetch` steps they go on from it.
 * Source: Dean et al. 2012; as the authors of EASGD have it in Torch. In step, all add before anyone fetches. Beside its state a
 * worker has the place from which its movement counts.
 */
import type { Vector } from '../../../exchange/exchange.js'
import { meanInto, moveInto } from '../../../exchange/mixing/index.js'
import { without, type CentreMethod, type Setting } from './method.js'

/** Makes the method. */
export function createDownpour<V extends Vector> (
  { learning }: Setting<V>, { push, fetch }: { push: number, fetch: number }
): CentreMethod<V> {
  const { weights, size } = learning
  let centre = learning.room(weights)
  let isFetched = false
  const baseOf = (vector: V) => vector.subarray(size, size + weights) as V

  function goOn (vector: V, from: V | undefined): void {
    if (from) vector.set(from)
    baseOf(vector).set(vector.subarray(0, weights))
  }

  return {
    ...without,
    period: push,
    memory: weights,
    composed: weights,
    prepare (vector) { goOn(vector, undefined) },
    begin (vectors) {
      centre = learning.room(weights)
      meanInto(centre, vectors)
    },
    agree ({ told, step }, compose) {
      const before = centre
      isFetched = step % fetch === 0
      centre = compose((part, from) => {
        const moves = told.map(({ state }) => ({ of: state.subarray(from), less: baseOf(state).subarray(from) }))
        moveInto(part, before.subarray(from), 1, moves)
      })
    },
    follow (_, vector) { goOn(vector, isFetched ? centre : undefined) },
    get centre () { return centre },
    state: () => ({ centre }),
    load (state) { centre = state.centre!.slice() as V },
    traffic: ({ step }) => step % fetch === 0 ? { sent: 1, received: 1, fromCentre: 1 } : { sent: 1, received: 0 },
    sequential: step => step % fetch === 0 ? 2 : 1,
    visit ({ step }, vector, centre) {
      const base = baseOf(vector)
      for (let i = 0; i < weights; i++) centre[i]! += vector[i]! - base[i]!
      goOn(vector, step % fetch === 0 ? centre : undefined)
      return undefined
    }
  }
}
