/** What a trial takes of a lane. Pure. */
import type { DatasetDescription } from '../../datasets/dataset.js'
import { sizeOf } from '../../math/arrays.js'
import { parameterCount } from '../../tensor/architecture.js'
import type { Needs } from '../contract.js'
import { architectureOf } from '../kit/network.js'
import { takeSlots } from '../kit/slots.js'
import type { Arm } from './arms.js'
import { countsOf, describe } from './data.js'
import type { Problem } from './problems/spec.js'
import type { LeaderSpec } from './spec.js'
import { stepsOf } from './work.js'

/** Copies of a state that a worker has about it: its own, what it tells (twice), what it reads. */
const copies = 5

/** @param spec of one arm @param data of a network */
export function needsOf (spec: LeaderSpec, arm: Arm, data: DatasetDescription | undefined): Needs {
  const { problem } = spec
  const size = bytesOf(spec, arm, data)
  const estimate = { steps: stepsOf(spec), bytes: arm.workers * copies * size.stateBytes + size.dataBytes }
  return { ...takeOf(spec, arm, data), device: 'any', engine: problem.type === 'network' ? 'tensor' : 'float64', estimate }
}

/** Slots, threads and crew; and whether numbers depend on who comes first. */
function takeOf ({ problem, execution }: LeaderSpec, { workers, mode }: Arm, data: DatasetDescription | undefined) {
  if (execution.type === 'parallel') {
    const crew = Math.min(execution.threads, workers)
    return { slots: crew, threads: 1, crew, deterministic: mode === 'sync' || crew === 1 }
  }
  if (problem.type !== 'network') return { slots: 1, threads: 1, crew: 1, deterministic: true }
  return { ...takeSlots(problem.slots, architectureOf(problem.network, describe(data!)), problem.batchSize), deterministic: true }
}

/** Bytes of one state, with its velocities, and of the examples as floats. */
function bytesOf (
  { problem }: LeaderSpec, { method, momentum }: Arm, data: DatasetDescription | undefined
): { stateBytes: number, dataBytes: number } {
  const slots = momentum > 0 || method.type === 'eamsgd' ? 2 : 1
  if (problem.type !== 'network') return { stateBytes: 8 * slots * dimensionsOf(problem), dataBytes: 0 }
  const described = describe(data!)
  const { train, heldOut, test } = countsOf(problem, method, described)
  return {
    stateBytes: 4 * slots * parameterCount(architectureOf(problem.network, described)),
    dataBytes: 4 * (train + heldOut + test) * sizeOf(described.inputs.shape)
  }
}

/** Numbers of one copy. */
export function dimensionsOf (problem: Exclude<Problem, { type: 'network' }>): number {
  switch (problem.type) {
    case 'sinc': return 2
    case 'double-well': return problem.dimensions
    case 'quadratic': return problem.dimensions
    case 'matrix-completion': return problem.size * problem.rank
  }
}
