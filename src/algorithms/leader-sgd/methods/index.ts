/** The method of an arm. */
import type { Vector } from '../../../exchange/exchange.js'
import { createAlone } from './alone.js'
import { createAveraging } from './averaging.js'
import { createDownpour } from './downpour.js'
import { createElastic } from './elastic.js'
import { createLeader, leaderConstants } from './leader.js'
import type { CentreMethod, Method, Setting } from './method.js'
import type { LeaderCriterion, Method as MethodSpec } from './spec.js'

/** Makes a method for the workers of a training. */
export function createMethod<V extends Vector> (spec: MethodSpec, setting: Setting<V>): Method<V> {
  switch (spec.type) {
    case 'sgd': case 'independent': return createAlone()
    case 'data-parallel': case 'lars': return createAveraging(setting, { period: 1, what: 'state' })
    case 'local-sgd': return createAveraging(setting, { period: spec.tau, what: 'weights' })
    case 'lsgd': return createLeader(setting, leaderConstants(spec))
    case 'easgd': case 'eamsgd': return createElastic(setting, spec)
    case 'downpour': return createDownpour(setting, spec)
  }
}

/** Whether workers may visit its centre one by one. */
export function hasCentre<V extends Vector> (method: Method<V>): method is CentreMethod<V> {
  return 'visit' in method
}

/** How workers' losses are told: as lsgd says; of other methods, which elect nobody, those of the last batches. */
export function criterionOf (method: MethodSpec): LeaderCriterion {
  return method.type === 'lsgd' ? method.leader : { type: 'window', batches: 10 }
}

/** Momentum of the workers' own steps, and whether it looks ahead: what eamsgd has of its own. */
export function momentumOf (method: MethodSpec, own: { momentum: number, nesterov: boolean }): { momentum: number, nesterov: boolean } {
  return method.type === 'eamsgd' ? { momentum: method.delta, nesterov: true } : { momentum: own.momentum, nesterov: own.nesterov }
}
