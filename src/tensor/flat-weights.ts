/** A network's weights as one flat vector, the form that the optimizers of src/optimizers know, and apart again by name. */
import { sizeOf, type NamedArrays } from '../math/arrays.js'
import type { ParameterShape } from './architecture.js'
import type { Network } from './network.js'

/** The network's weights one after the other, in the order of network.parameters. */
export function flatWeights (network: Network): Float64Array {
  const arrays = network.save()
  return Float64Array.from(network.parameters.flatMap(({ name }) => Array.from(arrays[name]!.data)))
}

/** Puts weights that lie as flatWeights lays them into the network, rounded to float32. */
export function loadFlat (network: Network, theta: Float64Array): void {
  network.load(splitWeights(network.parameters, theta))
}

/**
 * Takes a vector apart.
 * @param parameters in the order in which they lie in theta, as parameterShapes() gives them
 * @returns float32, rounded, by their names; copies
 */
export function splitWeights (parameters: readonly ParameterShape[], theta: Float64Array): NamedArrays {
  const arrays: NamedArrays = {}
  let at = 0
  for (const { name, shape } of parameters) {
    const end = at + sizeOf(shape)
    arrays[name] = { shape: [...shape], data: Float32Array.from(theta.subarray(at, end)) }
    at = end
  }
  return arrays
}
