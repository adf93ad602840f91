/** Conditional random starts: from a distribution that looks at the instance, P(. | x), without learning. */
import { takeInstances } from '../instances.js'
import { nothing, type InitialiserKind } from './initialiser.js'
import type { InitialiserOf } from './spec.js'

export const conditional: InitialiserKind<InitialiserOf<'conditional'>> = {
  wants: () => nothing,
  open: (_, { family: { size, startGiven } }) => ({
    starts (instances, from, random) {
      const starts = new Float64Array(instances.count * size)
      for (let i = 0; i < instances.count; i++) {
        starts.set(startGiven(takeInstances(instances, i, i + 1), random('conditional starts', from + i)), i * size)
      }
      return starts
    }
  })
}
