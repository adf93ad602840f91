/** Runs trials of leader-sgd that need no tensor engine. */
import type { Algorithm, SnapshotState } from '../../../src/algorithms/contract.js'
import { armsOf, specOf } from '../../../src/algorithms/leader-sgd/arms.js'
import type { LeaderResult } from '../../../src/algorithms/leader-sgd/result.js'
import { LeaderSpec, metrics } from '../../../src/algorithms/leader-sgd/spec.js'
import { drive, fillSpec, type Driven } from '../../helpers/drive.js'

/** What a driven trial needs of the kind. */
const kind = { spec: LeaderSpec, metrics, load: async () => await import('../../../src/algorithms/leader-sgd/run.js') } as unknown as Algorithm

/** Spec of one method, its defaults filled. */
export function specWith (method: Record<string, unknown>, given: Record<string, unknown> = {}): LeaderSpec {
  const spec = fillSpec<LeaderSpec>(kind, { ...given, methods: [method] })
  return specOf(spec, armsOf(spec)[0]!)
}

/** Runs one trial to its end. */
export async function train (
  method: Record<string, unknown>, given: Record<string, unknown> = {},
  options: { seed?: number, resume?: SnapshotState, keep?: number[] } = {}
): Promise<Omit<Driven, 'result'> & { result: LeaderResult }> {
  const { seed = 0, ...rest } = options
  const trial = { arm: 'the arm', seed, spec: specWith(method, given) }
  const driven = await drive(kind, trial, { data: {}, ...rest })
  return { ...driven, result: driven.result as LeaderResult }
}

/** Losses of the workers at the end. */
export function lossesOf ({ workers }: LeaderResult): number[] {
  return workers.map(({ loss }) => loss!)
}

/** Recorded values of one metric. */
export function curveOf ({ events }: Pick<Driven, 'events'>, name: string): number[] {
  return events.flatMap(event => event.type === 'metrics' && name in event.values ? [event.values[name]!] : [])
}
