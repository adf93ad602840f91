/** Small trials of learned-initialization. */
import type { InitialiserSpec } from '../../../src/algorithms/learned-initialization/initialisers/spec.js'
import { learnedInitialization } from '../../../src/algorithms/learned-initialization/index.js'
import type { InitializationResult } from '../../../src/algorithms/learned-initialization/result.js'
import type { InitializationSpec } from '../../../src/algorithms/learned-initialization/spec.js'
import type { Engine } from '../../../src/tensor/engine.js'
import { drive, fillSpec, type Driven } from '../../helpers/drive.js'

export const small = {
  family: { type: 'sum-rate', users: 3, noise: 0.1 }, offline: { instances: 40 }, testInstances: 30, solver: { type: 'gradient', steps: 20 }
}
/** Of a network that is quickly trained. */
export const quick = { hidden: [8], epochs: 3, batchSize: 16 }

/** Runs one initialiser. @param spec what differs from the small one */
export async function runArm (
  initialiser: Partial<InitialiserSpec>, spec: object = {}, options: { engine?: Engine, artifacts?: Record<string, Uint8Array> } = {}
): Promise<Driven & { result: InitializationResult }> {
  const filled = fillSpec<InitializationSpec>(learnedInitialization, { ...small, ...spec, initialisers: [initialiser], seeds: [3] })
  const driven = await drive(learnedInitialization, learnedInitialization.plan(filled)[0]!, { ...options, data: {} })
  return driven as Driven & { result: InitializationResult }
}

/** The artifact of the solutions that a trial yielded. */
export function solutionsOf ({ events }: Driven): Uint8Array {
  const found = events.find(event => event.type === 'artifact')
  if (found?.type !== 'artifact') throw new Error('There is no artifact')
  return found.bytes
}
