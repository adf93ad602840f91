/** What a trial takes of its lane that trains one network on the tensor engine, where its spec does not say. */
import { Type, type Static } from '../../schema/type.js'
import { forwardFlops, type Architecture } from '../../tensor/architecture.js'
import type { Needs } from '../contract.js'

/** Schema of the slots that one trial takes. */
export const SlotsField = Type.Union([Type.Literal('auto'), Type.Literal('all'), Type.Integer({ minimum: 1, maximum: 64 })], {
  default: 'auto',
  description: 'Slots of the lane that one trial takes, and threads that it computes with: auto: 1 for a network whose steps are short, all for others; numbers differ between numbers of threads (unit: slots)'
})
export type SlotsField = Static<typeof SlotsField>

/**
 * A training step of so many operations is about as fast with one thread as with two, and another trial runs beside it.
 * With one and two threads, batches of 64: MLP 784-256-10 (0.08 GFLOP) 0.74 and 0.88 ms, LeNet (0.27) 4.6 and 4.6, MLP
 * 784-784-512-10 (0.39) 3.8 and 4.0, CNN 32-64-128 (1.6) 18.8 and 12.6.
 */
const SMALL_STEP_FLOPS = 0.4e9

/**
 * Slots and threads of a trial without a crew. Pure: the same for the same network and batch, whatever the lane.
 * @throws AppError invalid_spec when the layers of the architecture do not fit
 */
export function takeSlots (wish: SlotsField, architecture: Architecture, batchSize: number): Pick<Needs, 'slots' | 'threads' | 'crew'> {
  const slots = wish !== 'auto' ? wish : 3 * batchSize * forwardFlops(architecture) <= SMALL_STEP_FLOPS ? 1 : 'all'
  return { slots, threads: slots, crew: 1 }
}
