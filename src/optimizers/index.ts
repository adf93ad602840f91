/** The optimizers by name: one function makes any of them from plain settings. Each method is in the file of its name. */
import { AppError } from '../errors.js'
import { createAdam, type AdamSettings } from './adam.js'
import { createBfgs, type BfgsSettings } from './bfgs.js'
import { createConjugateGradient, type ConjugateGradientSettings } from './cg.js'
import { createGradientDescent, type GradientDescentSettings } from './gd.js'
import { createLbfgs, type LbfgsSettings } from './lbfgs.js'
import type { Objective } from '../math/objective.js'
import type { Optimizer, OptimizerOptions } from './optimizer.js'
import { createPowell, type PowellSettings } from './powell.js'
import { createParticleSwarm, type ParticleSwarmSettings } from './pso.js'

export type { Objective } from '../math/objective.js'
export type { Budget, CommonSettings, Counts, Optimizer, OptimizerOptions, OptimizerState, Stop, StopReason } from './optimizer.js'

export type OptimizerSettings =
  | { type: 'gd' } & GradientDescentSettings
  | { type: 'adam' } & AdamSettings
  | { type: 'cg' } & ConjugateGradientSettings
  | { type: 'bfgs' } & BfgsSettings
  | { type: 'lbfgs' } & LbfgsSettings
  | { type: 'powell' } & PowellSettings
  | { type: 'pso' } & ParticleSwarmSettings

/**
 * Makes an optimizer at options.start, evaluated once there (PSO: the whole swarm), or where options.state was saved.
 * @throws {AppError} invalid_input when a setting, the start, the state or the objective does not fit
 */
export function createOptimizer (settings: OptimizerSettings, objective: Objective, options: OptimizerOptions): Optimizer {
  switch (settings.type) {
    case 'gd': return createGradientDescent(settings, objective, options)
    case 'adam': return createAdam(settings, objective, options)
    case 'cg': return createConjugateGradient(settings, objective, options)
    case 'bfgs': return createBfgs(settings, objective, options)
    case 'lbfgs': return createLbfgs(settings, objective, options)
    case 'powell': return createPowell(settings, objective, options)
    case 'pso': return createParticleSwarm(settings, objective, options)
    default: {
      const got = (settings as { type: unknown }).type
      throw new AppError('invalid_input', `optimizer.type must be gd, adam, cg, bfgs, lbfgs, powell or pso, got ${String(got)}`)
    }
  }
}
