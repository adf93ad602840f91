/** What a spec that fits its schema still gets wrong. Pure. */
import type { Violation } from '../../errors.js'
import type { InputDescriptions } from '../contract.js'
import { nameOf } from './arms.js'
import { checkClaims } from './check-claims.js'
import type { Family } from './families/family.js'
import { openFamily } from './families/index.js'
import type { InitialiserSpec } from './initialisers/spec.js'
import type { InitializationSpec } from './spec.js'

/** Lists the broken rules. */
export function check (spec: InitializationSpec, { artifacts: { solutions } }: InputDescriptions): Violation[] {
  const family = openFamily(spec.family)
  return [
    ...checkNames(spec),
    ...spec.initialisers.flatMap((initialiser, i) => checkInitialiser(initialiser, `spec.initialisers[${i}]`, family, spec)),
    ...checkSolver(spec, family),
    ...(solutions === undefined || solutions.kind === 'learned-initialization'
      ? []
      : [{ path: 'spec.offline.solutions', rule: 'must be of an experiment of kind learned-initialization', got: solutions.kind }]),
    ...checkClaims(spec)
  ]
}

function checkNames ({ initialisers }: InitializationSpec): Violation[] {
  const names = initialisers.map(nameOf)
  return names.flatMap((name, i) => names.indexOf(name) === i
    ? []
    : [{ path: `spec.initialisers[${i}].name`, rule: 'must be its own: another initialiser has this name, or is the same', got: name }])
}

function checkInitialiser (
  initialiser: InitialiserSpec, at: string, family: Family, { family: { type }, offline: { instances } }: InitializationSpec
): Violation[] {
  const heuristics = Object.keys(family.heuristics)
  switch (initialiser.type) {
    case 'heuristic': return heuristics.length === 0
      ? [{ path: `${at}.type`, rule: `must be another one: ${type} has no heuristics`, got: 'heuristic' }]
      : initialiser.rule === undefined || heuristics.includes(initialiser.rule)
        ? []
        : [{ path: `${at}.rule`, rule: `must be ${heuristics.join(' or ')} for ${type}`, got: initialiser.rule }]
    case 'reference': return family.reference === undefined
      ? [{ path: `${at}.type`, rule: `must be another one: ${type} has no reference solver`, got: 'reference' }]
      : []
    case 'nearest': case 'arg-init': case 'val-init': return [
      ...(initialiser.offline === undefined || initialiser.offline <= instances
        ? []
        : [{ path: `${at}.offline`, rule: `must be <= ${instances}, spec.offline.instances`, got: initialiser.offline }]),
      ...(initialiser.type === 'arg-init' && initialiser.loss === 'objective' && family.objectiveOf === undefined
        ? [{ path: `${at}.loss`, rule: `must be solution for ${type}, whose objective no network can be trained on`, got: 'objective' }]
        : []),
      ...(initialiser.type === 'val-init' && initialiser.oracle && initialiser.search === 'descent'
        ? [{ path: `${at}.search`, rule: 'must be sample for an oracle, which has no network to descend on', got: 'descent' }]
        : [])
    ]
    default: return []
  }
}

function checkSolver ({ solver, family: { type } }: InitializationSpec, { objective: { sense } }: Family): Violation[] {
  if (solver.type === 'zeroth-order' && solver.budget <= solver.samples) {
    return [{ path: 'spec.solver.budget', rule: `must be > ${solver.samples}, spec.solver.samples: a step takes so many queries and one`, got: solver.budget }]
  }
  if (solver.type === 'fista' && solver.threshold > 0 && sense === 'maximize') {
    return [{ path: 'spec.solver.threshold', rule: `must be 0 for ${type}: a sum of absolute numbers is no part of what is maximized`, got: solver.threshold }]
  }
  return []
}
