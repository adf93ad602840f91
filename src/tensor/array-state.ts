/** Weights and statistics of a network as one array, in the order in which a trainer's state has them, and by their names. */
import { sizeOf, type NamedArrays } from '../math/arrays.js'
import type { Network } from './network.js'

/** Takes them apart; copies. @param state  begins with the weights, then the statistics; may go on with what a trainer remembers */
export function arraysOf ({ parameters, statistics }: Network, state: Float32Array): NamedArrays {
  let at = 0
  return Object.fromEntries([...parameters, ...statistics].map(({ name, shape }) => {
    const from = at
    at += sizeOf(shape)
    return [name, { shape: [...shape], data: Float32Array.from(state.subarray(from, at)) }]
  }))
}

/** Writes those of a network over the beginning of a state. */
export function copyArrays (network: Network, state: Float32Array): void {
  network.settle()
  let at = 0
  for (const { variable } of [...network.parameters, ...network.statistics]) {
    state.set(variable.dataSync<'float32'>(), at)
    at += variable.size
  }
}
