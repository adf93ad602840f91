/** What the second thread does: it keeps an average of the weights that the first one publishes. */
import type { CrewMember } from '../../../src/algorithms/contract.js'

/** Over shared memory. */
export interface Shared {
  /** weights and statistics that were published last, one after the other */
  current: Float32Array
  average: Float32Array
  /** counts what was published */
  version: Int32Array
  decay: number
  isLoose: boolean
  /** epochs to work on: from .. epochs - 1 */
  from: number
  epochs: number
}

/** One step of the average, in float32. */
export function mix ({ current, average, decay }: Pick<Shared, 'current' | 'average' | 'decay'>): void {
  average.forEach((value, i) => { average[i] = decay * value + (1 - decay) * current[i]! })
}

/** strict: between two barriers of every epoch; loose: whenever it notices something new. */
export function keepAverage ({ barrier, ended }: CrewMember, shared: Shared): void {
  if (!shared.isLoose) {
    for (let epoch = shared.from; epoch < shared.epochs; epoch++) {
      barrier()
      mix(shared)
      barrier()
    }
    return
  }
  for (let seen = 0; !ended();) {
    Atomics.wait(shared.version, 0, seen, 20)
    const now = Atomics.load(shared.version, 0)
    if (now !== seen) mix(shared)
    seen = now
  }
}
