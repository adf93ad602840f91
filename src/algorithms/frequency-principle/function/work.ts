/** How much work an optimizer's step is, where no clock may be read: what paces boundaries and refuses what is too large. */
import { parameterCount, type RegressionNet } from '../../../tensor/float64/regression.js'
import type { OptimizerSpec } from '../optimizer-spec.js'
import type { FunctionTarget } from './points.js'
import type { FrequencyPrincipleSpec } from '../spec.js'

/** Nanoseconds of one point's value and gradient, at the slower of the two kernels: per hidden unit (tanh), per parameter. */
const perUnit = 20
const perParameter = 3

/** A step longer than this, by the estimate, is refused: a trial can be stopped only between steps. */
export const maxStepNanoseconds = 1e9
/** Boundaries come after so much work. */
export const paceNanoseconds = 5e7
/** The largest matrix that BFGS may keep. */
export const maxMatrixBytes = 64 * 2 ** 20
/** A Brent line search takes about so many evaluations, a Wolfe line search seldom more than so many. */
const perBrent = 15
const perWolfe = 5

/** The network that an optimizer fits. */
export function netOf ({ network }: FrequencyPrincipleSpec, target: FunctionTarget, optimizer: OptimizerSpec): RegressionNet {
  const own = 'hidden' in optimizer ? optimizer.hidden : undefined
  return { inputs: target.type === 'image' ? 2 : 1, hidden: own ?? network.hidden, activation: network.activation }
}

/** One evaluation of loss and gradient over all points, in nanoseconds; seldom more, often a third. */
export function evaluationNanoseconds (net: RegressionNet, points: number): number {
  const units = net.hidden.reduce((sum, size) => sum + size, 0)
  return points * (perUnit * units + perParameter * parameterCount(net))
}

/** Evaluations that one step takes. */
export function evaluationsPerStep (optimizer: OptimizerSpec, net: RegressionNet): number {
  switch (optimizer.type) {
    case 'powell': return perBrent * parameterCount(net)
    case 'pso': return optimizer.particles
    case 'cg':
    case 'bfgs':
    case 'lbfgs': return perWolfe
    default: return 1
  }
}

/** Bytes of the inverse Hessian. */
export function matrixBytes (net: RegressionNet): number {
  return 8 * parameterCount(net) ** 2
}
