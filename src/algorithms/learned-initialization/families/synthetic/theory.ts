/**
 * What can be said of an initialiser before anything is run: the paper's question, when a start that looks at the instance beats
 * one that does not, in closed form for the synthetic families. Pure; the report holds it against what was measured.
 *
 * - two-basins: the mean objective is -(1 + gap x success), so a start beats P0 if and only if more of it lies in the better basin.
 *   A network that learns solutions by squared loss predicts their mean, which lies past the border, midway between the minima,
 *   if and only if more than half of the stored solutions are in the better basin: the best of r starts are when
 *   1 - (1 - mass)^r > 1/2.
 * - unrelated: no start that is chosen without the hidden part beats another one, learned or fixed; several starts do.
 * - convex: every start comes to the same objective.
 */
import type { InitialiserSpec } from '../../initialisers/spec.js'
import type { SolverSpec } from '../../solver-spec.js'
import type { FamilySpec } from '../spec.js'
import { massGiven, massOfP0 } from './two-basins.js'
import { well } from './unrelated.js'

/** What an initialiser comes to once descent has come to rest; undefined where it depends on how well a network has learned. */
export interface Predicted {
  /** part of the instances that end in the best basin */
  success?: number | undefined
  /** mean objective */
  mean?: number | undefined
}

/** Of this family and initialiser; nothing is known of others. */
export function predict (family: FamilySpec, initialiser: InitialiserSpec): Predicted {
  switch (family.type) {
    case 'two-basins': {
      const success = successAmongTwo(family.shift, initialiser)
      return { success, mean: success === undefined ? undefined : -(1 + family.gap * success) }
    }
    case 'unrelated': {
      if (initialiser.type === 'reference') return { success: 1, mean: family.size * well.best }
      const starts = runsOf(initialiser)
      return {
        success: bestOf(well.mass ** family.size, starts),
        mean: family.size * well.best + (well.worse - well.best) * leastWorse(family.size, starts)
      }
    }
    case 'convex': return { mean: 0 }
    default: return {}
  }
}

/** The largest rate at which plain descent crosses no border of basins, so that the above is so. */
export const surestRate = 2

/** Whether a solver is one that theory speaks of. */
export function isPlainDescent (solver: SolverSpec): boolean {
  return solver.type === 'gradient' && solver.momentum === 0 && solver.learningRate <= surestRate
}

/** Starts of an instance that are solved, of which the best end is kept. */
export function runsOf (initialiser: InitialiserSpec): number {
  switch (initialiser.type) {
    case 'multi-start': return initialiser.starts
    case 'val-init': return initialiser.oracle ? initialiser.candidates : 1
    case 'arg-init': return initialiser.oracle ? initialiser.labels : 1
    default: return 1
  }
}

/** Probability that the best of r starts is in the best basin, each being there with this one. */
export function bestOf (mass: number, r: number): number {
  return 1 - (1 - mass) ** r
}

/** The least r for which a network that learns the best of r solutions starts in the better one of two basins. */
export function labelsNeeded (mass: number): number {
  return Math.floor(Math.log(0.5) / Math.log(1 - mass)) + 1
}

/** How far from a half the part of good labels must be before the mean of some thousand of them says which side. */
const undecided = 0.05

function successAmongTwo (shift: number, initialiser: InitialiserSpec): number | undefined {
  const mass = massOfP0(shift)
  switch (initialiser.type) {
    case 'conditional': return massGiven(shift)
    case 'heuristic': return shift > 0 ? 0 : undefined // at 0 it starts on the border
    case 'reference': return 1
    case 'arg-init': {
      const part = bestOf(mass, initialiser.labels)
      if (initialiser.oracle) return part
      if (initialiser.loss === 'objective' || Math.abs(part - 0.5) < undecided) return undefined
      return part > 0.5 ? 1 : 0
    }
    case 'val-init': return initialiser.oracle ? bestOf(mass, initialiser.candidates) : undefined
    case 'nearest': return undefined // as few stored solutions happen to have it
    default: return bestOf(mass, runsOf(initialiser))
  }
}

/** How many numbers of theta end in the worse minimum, in the best of so many starts: each does with probability 1 - mass. */
function leastWorse (size: number, starts: number): number {
  let probability = well.mass ** size // of none
  let below = probability
  let mean = 0
  for (let k = 0; k < size; k++) {
    mean += Math.max(0, 1 - below) ** starts // P(all starts have more than k)
    probability *= (size - k) / (k + 1) * (1 - well.mass) / well.mass
    below += probability
  }
  return mean
}
