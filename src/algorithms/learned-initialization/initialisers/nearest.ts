/**
 * The solution of the stored instance whose features are nearest (Euclid), of equals the first. It goes through the family's
 * coding, so that the solver starts where gradients do not vanish, as from a network's prediction.
 */
import { bestOf } from '../offline/solutions.js'
import { statesOfCodes } from './codes.js'
import { nothing, type InitialiserKind } from './initialiser.js'
import type { InitialiserOf } from './spec.js'

export const nearest: InitialiserKind<InitialiserOf<'nearest'>> = {
  wants: () => ({ ...nothing, past: 1 }),
  open (_, { family, solutions }) {
    const { size, features } = family
    const { instances: stored } = solutions!
    const table = features.of(stored)
    const codes = family.coding.encode(bestOf(solutions!, size), stored.count)
    const states = statesOfCodes(family, codes, stored.count)
    return {
      starts (instances) {
        const seen = features.of(instances)
        const starts = new Float64Array(instances.count * size)
        for (let i = 0; i < instances.count; i++) {
          const found = nearestOf(table, seen.subarray(i * features.size, (i + 1) * features.size))
          starts.set(states.subarray(found * size, (found + 1) * size), i * size)
        }
        return starts
      }
    }
  }
}

function nearestOf (table: Float32Array, row: Float32Array): number {
  const width = row.length
  let [nearest, least] = [0, Infinity]
  for (let i = 0; i * width < table.length; i++) {
    let square = 0
    for (let k = 0; k < width; k++) square += (table[i * width + k]! - row[k]!) ** 2
    if (square < least) [nearest, least] = [i, square]
  }
  return nearest
}
