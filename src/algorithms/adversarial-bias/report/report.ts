/** The conclusion from all trials: where each training came to, how soon, and whether what the spec claims is so. Pure. */
import type { Report } from '../../contract.js'
import { countTrials, decide, type Settled } from '../../kit/verdict.js'
import type { LinearClaim, NetworkClaim } from '../claim-names.js'
import type { AdversarialSpec } from '../spec.js'
import { drawLinear } from './figures.js'
import { linearJudges } from './linear-claims.js'
import { networkJudges } from './network-claims.js'
import { drawNetworks } from './network-figures.js'
import { networkTables } from './network-tables.js'
import { predictionOf } from './predicts.js'
import { linearTables } from './tables.js'
import { isPromised, linearArms, networkArms, type Finished, type LinearArm, type NetworkArm, type Trial } from './trials.js'

/** What the paper says, of the problem of the spec. */
const paperClaim = {
  linear: 'On separable points gradient descent against l2 perturbations whose radius is tuned to the horizon T comes to the direction of largest l2 margin as 1 / sqrt(T) up to logarithms, clean training as 1 / log T; against l_q perturbations it comes to the direction of largest mixed-norm margin',
  network: 'Networks that are trained against an adversary are still right when they are attacked, others are not'
}

/** Draws the conclusion of an experiment. */
export function report (spec: AdversarialSpec, trials: Trial[]): Report {
  const finished = trials.filter((trial): trial is Finished => trial.state === 'succeeded' && trial.result !== undefined)
  const { type } = spec.problem
  const [linear, networks] = [linearArms(spec, finished), networkArms(spec, finished)]
  return {
    verdict: {
      claim: paperClaim[type],
      predicts: predictionOf(spec),
      ...decide({
        finished: countTrials([...linear, ...networks]),
        planned: spec.trainings.length * spec.seeds.length,
        failed: trials.length - finished.length
      }, () => type === 'linear' ? judgeLinear(spec, linear) : judgeNetworks(spec, networks))
    },
    tables: [...linearTables(linear), ...networkTables(networks)],
    figures: [...drawLinear(linear), ...drawNetworks(networks)]
  }
}

function judgeLinear (spec: AdversarialSpec, arms: LinearArm[]): Settled {
  const unseparable = arms.filter(({ trials }) => trials.some(({ outcome }) => outcome === 'not-separable'))
  return {
    judged: unseparable.length > 0
      ? spec.claims.slice(0, 1).map(() => ({ holds: null, evidence: 'the claim does not apply' }))
      : spec.claims.map(name => linearJudges[name as LinearClaim].judge(arms, spec)),
    notes: unseparable.length > 0
      ? [`No line through the origin separates the points (${unseparable.map(({ name }) => name).join(', ')})`]
      : [...sayControls(arms), ...sayChatter(arms)]
  }
}

/** Radii of gamma_q or more. */
function sayControls (arms: LinearArm[]): string[] {
  const names = arms.filter(arm => !isPromised(arm)).map(({ name }) => name)
  return names.length === 0 ? [] : [`The claim of a direction does not apply to ${names.join(', ')}: the radius is gamma_q or more, the loss has its least value at finite weights`]
}

/** Numbers of w about which the subgradient turns. */
function sayChatter (arms: LinearArm[]): string[] {
  const chattering = arms.flatMap(({ name, trials }) => {
    const count = Math.max(...trials.map(({ of: { chatter } }) => chatter.length))
    return count === 0 ? [] : [`${name} (${count} of ${trials[0]!.of.dimensions} numbers of w)`]
  })
  return chattering.length === 0 ? [] : [`Chattered: the subgradient of the norm sends numbers of w through 0 again and again in ${chattering.join(', ')}; the limit of each is 0`]
}

function judgeNetworks (spec: AdversarialSpec, arms: NetworkArm[]): Settled {
  const masked = arms.flatMap(({ name, trials }) => {
    const failed = new Set(trials.flatMap(({ of: { checks } }) => checks.filter(({ passed }) => !passed).map(({ name }) => name)))
    return failed.size === 0 ? [] : [`${name} (${[...failed].join(', ')})`]
  })
  return {
    judged: spec.claims.map(name => networkJudges[name as NetworkClaim].judge(arms, spec)),
    notes: masked.length === 0 ? [] : [`Beware of the robust accuracy of ${masked.join(', ')}: a stronger attack, or a check that must end in 0, says that its attack is weak`]
  }
}
