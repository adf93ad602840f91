/** Specs of leader-sgd, and results made by hand: what reports and checks are tried on. */
import type { ClaimName } from '../../../src/algorithms/leader-sgd/claim-names.js'
import { leaderSgd } from '../../../src/algorithms/leader-sgd/index.js'
import { armOf } from '../../../src/algorithms/leader-sgd/arms.js'
import type { Finished } from '../../../src/algorithms/leader-sgd/report/trials.js'
import type { LeaderResult } from '../../../src/algorithms/leader-sgd/result.js'
import type { LeaderSpec } from '../../../src/algorithms/leader-sgd/spec.js'
import { fillSpec } from '../../helpers/drive.js'

export const algorithm = leaderSgd as unknown as Parameters<typeof fillSpec>[0]

/** The quick preset where nothing is changed, its defaults filled in. */
export function makeSpec (changes: object = {}): LeaderSpec {
  return fillSpec<LeaderSpec>(algorithm, { ...leaderSgd.presets[0]!.spec, claims: [], ...changes })
}

/** A small network on generated classes. */
export function makeNetworkSpec (changes: object = {}, problem: object = {}): LeaderSpec {
  const data = { generator: { type: 'blobs', classes: 3, features: 5, train: 60, test: 20, spread: 0.4, seed: 1 } }
  return makeSpec({
    problem: { type: 'network', data, network: { type: 'mlp', hidden: [4] }, batchSize: 8, ...problem },
    methods: [{ type: 'sgd' }, { type: 'easgd' }, { type: 'lsgd' }],
    ...changes
  })
}

/** A finished trial for every arm and seed. @param make what is different of its result; metrics beside */
export function finish (
  spec: LeaderSpec, make: (trial: { arm: string, seed: number, workers: number }) => Partial<LeaderResult> & { metrics?: Finished['metrics'] } = () => ({})
): Finished[] {
  return leaderSgd.plan(spec).map((definition, i) => {
    const { workers } = armOf(definition.spec, definition.spec.methods[0]!)
    const { metrics = {}, ...changes } = make({ arm: definition.arm, seed: definition.seed, workers })
    return { id: `t${i}`, definition, state: 'succeeded', metrics, result: { ...plain(workers), ...changes } }
  })
}

/** Workers with these losses, each of which led once. */
export function workersWith (losses: (number | null)[]): LeaderResult['workers'] {
  return losses.map(loss => ({
    steps: 100, loss, error: null, led: 1, sentBytes: 1000, receivedBytes: 3000, time: 120, waited: 20, staleness: null, lost: false
  }))
}

function plain (workers: number): LeaderResult {
  return {
    outcome: 'finished',
    parameters: 2,
    exchanges: 100,
    batchSize: null,
    final: 'leader',
    points: [{ name: 'leader', loss: 0.1, error: null }, { name: 'average', loss: 0.2, error: null }, { name: 'worst', loss: 0.3, error: null }],
    workers: workersWith(Array.from({ length: workers }, (_, i) => 0.1 * (i + 1))),
    leaders: [[0, 0], [1, workers - 1], [2, 0]],
    bytes: { sent: 4000, exchange: 40 },
    gradientNorm: 0
  }
}

/** A metric recorded at steps 0, 10, 20, … */
export function recorded (...values: number[]): { steps: number[], values: number[] } {
  return { steps: values.map((_, i) => 10 * i), values }
}

/** The verdict of one claim. */
export function judge (spec: LeaderSpec, claim: ClaimName, trials: Finished[]) {
  return leaderSgd.report({ ...spec, claims: [claim] }, trials).verdict
}
