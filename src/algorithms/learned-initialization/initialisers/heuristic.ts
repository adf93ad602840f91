/** Starts that people of the field use. */
import { nothing, type InitialiserKind } from './initialiser.js'
import type { InitialiserOf } from './spec.js'

export const heuristic: InitialiserKind<InitialiserOf<'heuristic'>> = {
  wants: () => nothing,
  open ({ rule }, { family: { heuristics } }) {
    const names = Object.keys(heuristics)
    const starts = heuristics[rule ?? names[0]!]
    if (starts === undefined) throw new Error(`The rule must be one of ${names.join(', ')}, got ${rule}`)
    return { starts: instances => starts(instances) }
  }
}
