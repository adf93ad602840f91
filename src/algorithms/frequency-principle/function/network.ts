/** The network that fits a function or a picture, and how large that is. */
import { parameterCount, type RegressionNet } from '../../../tensor/float64/regression.js'
import type { OptimizerSpec } from '../optimizer-spec.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import type { Size } from '../work.js'
import type { FunctionTarget } from './points.js'

/** The network that an optimizer fits. */
export function netOf ({ network }: FrequencyPrincipleSpec, target: FunctionTarget, optimizer: OptimizerSpec): RegressionNet {
  const own = 'hidden' in optimizer ? optimizer.hidden : undefined
  return { inputs: target.type === 'image' ? 2 : 1, hidden: own ?? network.hidden, activation: network.activation }
}

/** What one evaluation of it computes. */
export function sizeOf (net: RegressionNet, points: number): Size {
  return { units: net.hidden.reduce((sum, units) => sum + units, 0), parameters: parameterCount(net), points }
}
