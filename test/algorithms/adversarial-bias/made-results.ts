/** Specs of adversarial-bias, and results made by hand: what reports and checks are tried on. */
import { adversarialBias } from '../../../src/algorithms/adversarial-bias/index.js'
import type { Arm } from '../../../src/algorithms/adversarial-bias/arms.js'
import type { ClaimName } from '../../../src/algorithms/adversarial-bias/claim-names.js'
import { armOf } from '../../../src/algorithms/adversarial-bias/arms.js'
import { horizonsOf } from '../../../src/algorithms/adversarial-bias/horizons.js'
import type { LinearProblem } from '../../../src/algorithms/adversarial-bias/linear/spec.js'
import { radiusOf } from '../../../src/algorithms/adversarial-bias/radius.js'
import type { Finished } from '../../../src/algorithms/adversarial-bias/report/trials.js'
import type { AdversarialResult, LinearResult, NetworkResult } from '../../../src/algorithms/adversarial-bias/result.js'
import type { AdversarialSpec } from '../../../src/algorithms/adversarial-bias/spec.js'
import type { Algorithm } from '../../../src/algorithms/contract.js'
import { fillSpec } from '../../helpers/drive.js'

/** A spec with its defaults filled in; nothing is claimed. */
export function makeSpec (spec: object): AdversarialSpec {
  return fillSpec<AdversarialSpec>(adversarialBias as unknown as Algorithm, spec)
}

/** A small network on generated classes. */
export function makeNetworkSpec (changes: object = {}, problem: object = {}): AdversarialSpec {
  const data = { generator: { type: 'blobs', classes: 3, features: 5, train: 60, test: 20, spread: 0.4, seed: 1 } }
  return makeSpec({
    problem: { type: 'network', data, network: { type: 'mlp', hidden: [4] }, batchSize: 8, ...problem },
    trainings: [{}, { radius: { type: 'absolute', value: 0.2 } }],
    ...changes
  })
}

/** What a made trial is of. */
export interface Made { name: string, seed: number, arm: Arm }

interface Changes { outcome?: AdversarialResult['outcome'], metrics?: Finished['metrics'] }

/** A finished trial for every arm and seed of a linear spec. @param make what is different of its result; outcome and metrics beside */
export function finishLinear (spec: AdversarialSpec, make: (made: Made) => Partial<LinearResult> & Changes = () => ({})): Finished[] {
  return finish(spec, made => {
    const { outcome, metrics, ...changes } = make(made)
    return { outcome, metrics, of: { ...plainLinear(made.arm), ...changes } }
  })
}

/** The same of a spec of networks. */
export function finishNetworks (spec: AdversarialSpec, make: (made: Made) => Partial<NetworkResult> & Changes = () => ({})): Finished[] {
  return finish(spec, made => {
    const { outcome, metrics, ...changes } = make(made)
    return { outcome, metrics, of: { ...plainNetwork(made.arm), ...changes } }
  })
}

function finish (spec: AdversarialSpec, make: (made: Made) => { outcome: Changes['outcome'], metrics: Changes['metrics'], of: AdversarialResult['of'] }): Finished[] {
  return adversarialBias.plan(spec).map((definition, i) => {
    const arm = armOf(definition.spec, definition.spec.trainings[0]!)
    const { outcome = 'finished', metrics = {}, of } = make({ name: definition.arm, seed: definition.seed, arm })
    return { id: `t${i}`, definition, state: 'succeeded', metrics, result: { outcome, of } }
  })
}

/** A curve with an error and a norm for every step: 1, 2, 5, 10, …; of a tuned training its horizons alone. */
export function curveOf (
  { radius, problem }: Arm, error: (step: number) => number, norm: (step: number) => number = step => 1 + Math.log(step)
): LinearResult['curve'] {
  const { steps } = problem as LinearProblem
  const spaced = [0, 1, 2, 3, 4, 5, 6].flatMap(k => [1, 2, 5].map(digit => digit * 10 ** k)).filter(step => step < steps)
  return (radius.type === 'tuned' ? horizonsOf(radius, steps) : [...spaced, steps]).map(step => ({
    step,
    radius: radiusOf(radius, 1, step),
    norm: norm(step),
    directionError: error(step),
    cleanDirectionError: error(step),
    margin: 1 - error(step),
    mixedMargin: 1 - radiusOf(radius, 1, step) - error(step)
  }))
}

const u = Math.SQRT1_2

function plainLinear (arm: Arm): LinearResult {
  const { steps } = arm.problem as LinearProblem
  const c = radiusOf(arm.radius, 1, steps)
  const reference = (margin: number) => ({ margin, bound: margin, gap: 0, supports: 2, direction: [u, u] })
  return {
    type: 'linear',
    points: 40,
    dimensions: 2,
    largestNorm: 10,
    gammaQ: 1,
    clean: reference(1),
    mixed: c < 1 ? reference(1 - c) : null,
    curve: curveOf(arm, step => 0.3 / Math.log(step + 1)),
    direction: [u, u],
    chatter: [],
    law: { exponent: -0.1, logarithmic: 0.3, logarithmicResidual: 0.01, power: 1, powerResidual: 0.05 },
    picture: { points: [[3, 1], [1, 2], [-0.5, 1.6]], path: [[1, 0.1, 0.3], [100, 1, 2], [steps, 3, 3.1]] }
  }
}

const radii = [0, 0.1, 0.2, 0.3]

function plainNetwork ({ radius }: Arm): NetworkResult {
  const isClean = radius.type === 'none'
  const robust = radii.map(at => isClean ? Math.max(0, 0.98 - 4 * at) : 0.95 - at)
  return {
    type: 'network',
    parameters: 100,
    radius: radius.type === 'absolute' ? radius.value : 0,
    examples: 20,
    accuracy: isClean ? 0.98 : 0.95,
    curve: radii.map((radius, i) => ({ radius, accuracy: robust[i]! })),
    epochs: [1, 2, 3].map(epoch => ({ epoch, accuracy: 0.9 + 0.01 * epoch, robust: robust.map(value => value * epoch / 3) })),
    checks: [{ name: 'noise', rule: 'noise misleads less', accuracy: 1, passed: true, evidence: '95 %' }]
  }
}

/** The verdict of one claim. */
export function judge (spec: AdversarialSpec, claim: ClaimName, trials: Finished[]) {
  return adversarialBias.report({ ...spec, claims: [claim] }, trials).verdict
}
