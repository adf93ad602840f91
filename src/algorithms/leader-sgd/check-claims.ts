/** What every claim compares must be there: problem, methods, and what else it speaks of. Pure. */
import type { Violation } from '../../errors.js'
import { pairsOfModes, type Arm } from './arms.js'
import type { ClaimName } from './claim-names.js'
import type { Method } from './methods/spec.js'
import type { Problem } from './problems/spec.js'
import type { LeaderSpec } from './spec.js'

interface Needed {
  problem?: Problem['type']
  /** all of them among the arms */
  methods: Method['type'][]
  /** anything else: what is wrong, if anything is */
  also? (spec: LeaderSpec, arms: readonly Arm[]): Violation | undefined
}

const sincMethods: Method['type'][] = ['independent', 'easgd', 'lsgd']

const needed: Record<ClaimName, Needed> = {
  sinc: { problem: 'sinc', methods: sincMethods, also: spec => startsAre('given', spec) },
  escapes: { problem: 'sinc', methods: sincMethods, also: spec => startsAre('random', spec) },
  completion: { problem: 'matrix-completion', methods: ['easgd', 'lsgd'] },
  stationary: { problem: 'double-well', methods: ['easgd', 'lsgd'] },
  'one-step': { problem: 'quadratic', methods: ['lsgd'], also: inStep },
  decay: {
    problem: 'quadratic',
    methods: ['lsgd'],
    also: (spec, arms) => inStep(spec, arms) ?? (spec.schedule.type === 'inverse'
      ? undefined
      : { path: 'spec.schedule.type', rule: 'must be inverse for the claim decay, which speaks of rates ~ 1 / k', got: spec.schedule.type })
  },
  'noisy-leader': { problem: 'quadratic', methods: ['lsgd'], also: inStep },
  newton: { problem: 'quadratic', methods: ['lsgd'], also: inStep },
  'not-worse': {
    problem: 'network',
    methods: ['lsgd'],
    also: (_, arms) => arms.some(({ method }) => method.type === 'easgd' || method.type === 'sgd')
      ? undefined
      : { path: 'spec.methods', rule: 'must have easgd or sgd for the claim not-worse', got: arms.map(({ name }) => name) }
  },
  'all-lead': {
    methods: ['lsgd'],
    also (_, arms) {
      const single = arms.findIndex(({ method, workers }) => method.type === 'lsgd' && workers < 2)
      return single < 0 ? undefined : { path: `spec.methods[${single}].workers`, rule: 'must be >= 2 for the claim all-lead', got: 1 }
    }
  },
  sooner: {
    problem: 'network',
    methods: [],
    also: ({ execution: { type } }, arms) => type !== 'simulated'
      ? { path: 'spec.execution.type', rule: 'must be simulated for the claim sooner, which speaks of simulated time', got: type }
      : pairsOfModes(arms).length > 0
        ? undefined
        : { path: 'spec.methods', rule: 'must have a method in mode async and in mode sync for the claim sooner', got: arms.map(({ name, mode }) => `${name}: ${mode}`) }
  }
}

/** Lists what claims lack. */
export function checkClaims (spec: LeaderSpec, arms: readonly Arm[]): Violation[] {
  return spec.claims.flatMap(claim => {
    const { problem, methods, also } = needed[claim]
    if (problem !== undefined && spec.problem.type !== problem) {
      return [{ path: 'spec.problem.type', rule: `must be ${problem} for the claim ${claim}`, got: spec.problem.type }]
    }
    const missing = methods.filter(type => arms.every(({ method }) => method.type !== type))
    if (missing.length > 0) {
      return [{ path: 'spec.methods', rule: `must have ${missing.join(' and ')} for the claim ${claim}`, got: arms.map(({ name }) => name) }]
    }
    return [also?.(spec, arms) ?? []].flat()
  })
}

function startsAre (type: 'given' | 'random', { problem }: LeaderSpec): Violation | undefined {
  if (problem.type !== 'sinc' || problem.starts.type === type) return undefined
  return { path: 'spec.problem.starts.type', rule: `must be ${type} for the claim ${type === 'given' ? 'sinc' : 'escapes'}`, got: problem.starts.type }
}

/** The theory speaks of steps that all take together. */
function inStep (_: LeaderSpec, arms: readonly Arm[]): Violation | undefined {
  const late = arms.findIndex(({ method, mode }) => method.type === 'lsgd' && mode === 'async')
  return late < 0 ? undefined : { path: `spec.methods[${late}].mode`, rule: 'must be sync for claims of the theory', got: 'async' }
}
