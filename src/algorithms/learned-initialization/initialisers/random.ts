/** Independent random starts, from P0 whatever the instance: one, or the best end of several (multi-start). */
import { drawStarts } from './draw.js'
import { nothing, type InitialiserKind } from './initialiser.js'
import type { InitialiserOf } from './spec.js'

export const random: InitialiserKind<InitialiserOf<'random'>> = {
  wants: () => nothing,
  open: (_, { family }) => ({ starts: ({ count }, from, random) => drawStarts(family, { count, from, runs: 1 }, random) })
}

export const multiStart: InitialiserKind<Pick<InitialiserOf<'multi-start'>, 'starts'>> = {
  wants: ({ starts }) => ({ ...nothing, runs: starts }),
  open: ({ starts: runs }, { family }) => ({ starts: ({ count }, from, random) => drawStarts(family, { count, from, runs }, random) })
}
