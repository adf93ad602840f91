/** Specs of learned-initialization, and results made by hand: what reports and checks are tried on. */
import type { Algorithm } from '../../../src/algorithms/contract.js'
import { learnedInitialization } from '../../../src/algorithms/learned-initialization/index.js'
import type { ClaimName } from '../../../src/algorithms/learned-initialization/claim-names.js'
import type { InitialiserSpec } from '../../../src/algorithms/learned-initialization/initialisers/spec.js'
import { claims } from '../../../src/algorithms/learned-initialization/report/claims.js'
import { ranArms, type Finished } from '../../../src/algorithms/learned-initialization/report/trials.js'
import type { InitializationResult } from '../../../src/algorithms/learned-initialization/result.js'
import type { InitializationSpec } from '../../../src/algorithms/learned-initialization/spec.js'
import { openStream } from '../../../src/math/random.js'
import { fillSpec } from '../../helpers/drive.js'

/** A spec with its defaults filled in; nothing is claimed. */
export function makeSpec (spec: object): InitializationSpec {
  return fillSpec<InitializationSpec>(learnedInitialization as unknown as Algorithm, { testInstances: 300, ...spec })
}

/** What a made trial is of. */
export interface Made { name: string, seed: number, initialiser: InitialiserSpec }

/** What is other of a made result; `gain` is what each of its ends has more than random's. */
export type Changes = Partial<InitializationResult> & { gain?: number }

/** What learns nothing has cost nothing. */
export const free = {
  offlineSteps: 0, offlineQueries: 0, trainingFlops: 0, stepFlops: 100, onlineSteps: 60, onlineQueries: 60, predictionFlops: 0
}

/** A finished trial for every arm and seed of a spec. */
export function finish (spec: InitializationSpec, make: (made: Made) => Changes = () => ({})): Finished[] {
  return learnedInitialization.plan(spec).map((definition, i) => {
    const initialiser = definition.spec.initialisers[0]!
    return { id: `t${i}`, definition, state: 'succeeded', metrics: {}, result: resultOf(spec, definition.seed, make({ name: definition.arm, seed: definition.seed, initialiser })) }
  })
}

/** Ends of the same instances as all arms of the seed have, scattered by 0.1 around 2; what is gained scatters by itself. */
function resultOf (
  { testInstances: count, solver: { steps } }: InitializationSpec, seed: number, { gain = 0, ...changes }: Changes
): InitializationResult {
  const [shared, own] = [openStream(seed, 'instances'), openStream(seed, 'own', Math.round(1e6 * gain))]
  const finals = Array.from({ length: count }, () => 2 + 0.1 * shared.normal() + gain * (1 + own.normal()))
  const end = finals.reduce((sum, value) => sum + value, 0) / count
  return {
    outcome: 'finished',
    objective: { name: 'sum rate', unit: 'bit/s/Hz', sense: 'maximize' },
    finals,
    initials: finals.map(value => value - 1),
    curve: curveTo(end, steps),
    reasons: { steps: count },
    cost: { ...free, onlineSteps: steps, onlineQueries: steps },
    parameters: 0,
    examples: [{ instance: [1, 0.5], start: [0.2, 0.7], solution: [0, 1], objective: 2 }],
    ...changes
  }
}

/** A straight way up by 1, which ends after so many steps. */
export function curveTo (end: number, steps: number, after = steps): InitializationResult['curve'] {
  return Array.from({ length: steps + 1 }, (_, step) => {
    const mean = end - Math.max(0, 1 - step / after)
    return { step, mean, low: mean - 0.2, median: mean, high: mean + 0.2 }
  })
}

/** What one claim comes to: the report's other parts cost more. */
export function judge (spec: InitializationSpec, claim: ClaimName, trials: Finished[]) {
  return claims[claim].judge(ranArms(spec, trials), spec)
}
