/** How much work an optimizer's step is in Float64, where no clock may be read: what paces boundaries and refuses what is too large. */
import type { Violation } from '../../errors.js'
import type { OptimizerSpec } from './optimizer-spec.js'

/** What an evaluation computes. */
export interface Size {
  /** units of the hidden layers */
  units: number
  parameters: number
  /** points or examples */
  points: number
}

/** Nanoseconds of one point's value and gradient, at the slowest of the kernels: per hidden unit (tanh), per parameter. */
const perUnit = 20
const perParameter = 3

/** A step longer than this, by the estimate, is refused: a trial can be stopped only between steps. */
const maxStepNanoseconds = 1e9
/** Boundaries come after so much work. */
const paceNanoseconds = 5e7
/** The largest matrix that BFGS may keep. */
const maxMatrixBytes = 64 * 2 ** 20
/** A Brent line search takes about so many evaluations, a Wolfe line search seldom more than so many. */
const perBrent = 15
const perWolfe = 5

/** One evaluation of loss and gradient over all points, in nanoseconds; seldom more, often a third. */
function evaluationNanoseconds ({ units, parameters, points }: Size): number {
  return points * (perUnit * units + perParameter * parameters)
}

/** Evaluations between two boundaries. */
export function evaluationsPerBoundary (size: Size): number {
  return paceNanoseconds / evaluationNanoseconds(size)
}

/** Evaluations that one step takes. */
function evaluationsPerStep (optimizer: OptimizerSpec, { parameters }: Size): number {
  switch (optimizer.type) {
    case 'powell': return perBrent * parameters
    case 'pso': return optimizer.particles
    case 'cg':
    case 'bfgs':
    case 'lbfgs': return perWolfe
    default: return 1
  }
}

/** Bytes of what an optimizer keeps, and of a pass over the points. */
export function bytesOf (optimizer: OptimizerSpec, { units, parameters, points }: Size): number {
  const vectors = optimizer.type === 'pso' ? 4 * optimizer.particles : optimizer.type === 'powell' ? parameters + 10 : 30
  return 8 * vectors * parameters + (optimizer.type === 'bfgs' ? matrixBytes(parameters) : 0) + 64 * points * units
}

/** Bytes of the inverse Hessian. */
function matrixBytes (parameters: number): number {
  return 8 * parameters ** 2
}

/** Lists what an optimizer is too large for, and what a swarm lacks. @param path of the optimizer in the spec */
export function checkWork (optimizer: OptimizerSpec, size: Size, path: string): Violation[] {
  const swarm = checkSwarm(optimizer, path)
  if (swarm.length > 0) return swarm
  const { parameters, points } = size
  const bytes = matrixBytes(parameters)
  if (optimizer.type === 'bfgs' && bytes > maxMatrixBytes) {
    const rule = `must have a matrix of at most ${maxMatrixBytes / 2 ** 20} MiB, 8 P^2 bytes for P = ${parameters} parameters; use lbfgs, or a smaller network`
    return [{ path, rule, got: `${Math.ceil(bytes / 2 ** 20)} MiB` }]
  }
  const evaluations = evaluationsPerStep(optimizer, size)
  const seconds = evaluations * evaluationNanoseconds(size) / 1e9
  if (seconds <= maxStepNanoseconds / 1e9) return []
  const advice = optimizer.type === 'powell' || optimizer.type === 'pso' ? 'give it a smaller network by hidden, on data by target.network' : 'take a smaller network or fewer points'
  const rule = `must step in at most ${maxStepNanoseconds / 1e9} s: about ${evaluations} evaluations of ${parameters} parameters on ${points} points; ${advice}`
  return [{ path, rule, got: `${seconds.toPrecision(2)} s` }]
}

/** A swarm evaluates every particle at least once, and a ring has no more neighbours than places. */
function checkSwarm (optimizer: OptimizerSpec, path: string): Violation[] {
  if (optimizer.type !== 'pso') return []
  const { particles, topology, neighbours, evaluations } = optimizer
  const max = Math.floor(particles / 2)
  return [
    ...(topology === 'ring' && neighbours > max ? [{ path: `${path}.neighbours`, rule: `must be <= ${max}, half the particles`, got: neighbours }] : []),
    ...(evaluations !== undefined && evaluations < particles ? [{ path: `${path}.evaluations`, rule: `must be >= ${particles}, one for each particle`, got: evaluations }] : [])
  ]
}
