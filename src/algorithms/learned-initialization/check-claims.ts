/** What every claim compares must be there: family, solver, initialisers. Pure. */
import type { Violation } from '../../errors.js'
import { nameOf } from './arms.js'
import type { ClaimName } from './claim-names.js'
import type { FamilySpec } from './families/spec.js'
import { bestOf, isPlainDescent, labelsNeeded, predict, surestRate } from './families/synthetic/theory.js'
import { massOfP0 } from './families/synthetic/two-basins.js'
import type { InitialiserOf, InitialiserSpec } from './initialisers/spec.js'
import type { InitializationSpec } from './spec.js'

/** An initialiser that must be among the arms, and how it is said. */
interface Wanted { say: string, is (initialiser: InitialiserSpec): boolean }

interface Needed {
  families: FamilySpec['type'][]
  arms (family: FamilySpec): Wanted[]
  /** whether theory speaks of it, which is about plain descent that crosses no border */
  isOfTheory?: true
  /** anything else: what is wrong, if anything is */
  also? (spec: InitializationSpec): Violation | undefined
}

/** A network that learns from all stored solutions to predict one: what claims of arg-init are about. Others are shown beside it. */
export function isArgInit (initialiser: InitialiserSpec): initialiser is InitialiserOf<'arg-init'> {
  return initialiser.type === 'arg-init' && initialiser.loss === 'solution' && !initialiser.oracle && initialiser.offline === undefined
}

/** One whose stored solutions are those of single random starts. */
export function isOfSingleStarts (initialiser: InitialiserSpec): boolean {
  return isArgInit(initialiser) && initialiser.labels === 1
}

/** The same of values, by which drawn candidates are chosen. */
export function isValInit (initialiser: InitialiserSpec): initialiser is InitialiserOf<'val-init'> {
  return initialiser.type === 'val-init' && initialiser.search === 'sample' && !initialiser.oracle && initialiser.offline === undefined && initialiser.candidates > 1
}

/** Whether it solves one start that was chosen without looking at values reached on the instance. */
export function isBlind ({ type, ...rest }: InitialiserSpec): boolean {
  return type !== 'multi-start' && type !== 'reference' && !('oracle' in rest && rest.oracle)
}

const ofType = (type: InitialiserSpec['type']): Wanted => ({ say: `one of type ${type}`, is: initialiser => initialiser.type === type })
const random = ofType('random')
const argInit: Wanted = { say: 'one of type arg-init with the loss solution, no oracle, that learns from all instances', is: isArgInit }
const valInit: Wanted = { say: 'one of type val-init with the search sample, no oracle, that has candidates and learns from all instances', is: isValInit }

const needed: Record<ClaimName, Needed> = {
  'arg-init-gains': { families: ['sum-rate'], arms: () => [random, argInit] },
  'arg-init-sooner': { families: ['sum-rate'], arms: () => [random, argInit] },
  order: { families: ['sum-rate'], arms: () => [random, { say: `${argInit.say}, the solutions being those of single starts`, is: isOfSingleStarts }, ofType('multi-start')] },
  'val-init-gains': { families: ['sum-rate'], arms: () => [random, valInit] },
  'val-init-ranks': { families: ['sum-rate'], arms: () => [valInit] },
  'reference-below-corner': {
    families: ['sum-rate'],
    arms: () => [ofType('reference')],
    also: ({ family }) => family.type === 'sum-rate' && family.users !== 2
      ? { path: 'spec.family.users', rule: 'must be 2 for the claim reference-below-corner: of more users the best powers are no corners', got: family.users }
      : undefined
  },
  'reference-stationary': { families: ['sum-rate'], arms: () => [ofType('reference')] },
  'convex-equal': { families: ['convex'], arms: () => [random, { say: 'one of another type than random', is: ({ type }) => type !== 'random' }] },
  'basin-mass': { families: ['two-basins', 'unrelated'], arms: () => [random], isOfTheory: true },
  'learned-succeeds': {
    families: ['two-basins'],
    arms: family => [random, {
      say: `one of type arg-init, no oracle, that learns from all instances, by solutions that are the best of ${labelsForSure(family)} starts or more`,
      is: initialiser => isArgInit(initialiser) && predict(family, initialiser).success === 1
    }],
    isOfTheory: true
  },
  'nothing-to-learn': {
    families: ['unrelated'],
    arms: () => [random, { say: 'one of type arg-init, val-init or nearest', is: initialiser => isBlind(initialiser) && ['arg-init', 'val-init', 'nearest'].includes(initialiser.type) }],
    isOfTheory: true
  }
}

/** Lists what claims lack. */
export function checkClaims (spec: InitializationSpec): Violation[] {
  const { family, solver, initialisers, claims } = spec
  return claims.flatMap(claim => {
    const { families, arms, isOfTheory, also } = needed[claim]
    if (!families.includes(family.type)) {
      return [{ path: 'spec.family.type', rule: `must be ${families.join(' or ')} for the claim ${claim}`, got: family.type }]
    }
    const missing = arms(family).filter(({ is }) => !initialisers.some(is)).map(({ say }) =>
      ({ path: 'spec.initialisers', rule: `must have ${say} for the claim ${claim}`, got: initialisers.map(nameOf) }))
    const unsure = isOfTheory && !isPlainDescent(solver)
      ? [{ path: 'spec.solver', rule: `must be gradient without momentum at a rate <= ${surestRate} for the claim ${claim}: others may cross the border of basins`, got: solver.type }]
      : []
    return [...missing, ...unsure, ...[also?.(spec) ?? []].flat()]
  })
}

/** The least number of starts whose best ones surely lie on the right side in the mean. */
function labelsForSure (family: FamilySpec): number {
  if (family.type !== 'two-basins') return 1
  const mass = massOfP0(family.shift)
  let labels = labelsNeeded(mass)
  while (predict(family, { type: 'arg-init', loss: 'solution', labels } as InitialiserOf<'arg-init'>).success !== 1 && bestOf(mass, labels) < 1) labels++
  return labels
}
