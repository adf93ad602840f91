/** How large a dense network over some examples is, for estimates in Float64. Without the tensor library. */
import { parameterCount, type Architecture } from '../../../tensor/architecture.js'
import type { Size } from '../work.js'

/** @param points examples */
export function classifierSize (architecture: Architecture, points: number): Size {
  const units = architecture.layers.reduce((sum, layer) => sum + (layer.type === 'dense' ? layer.units : 0), 0)
  return { units, parameters: parameterCount(architecture), points }
}
