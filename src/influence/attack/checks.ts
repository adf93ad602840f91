/**
 * Whether a robust accuracy means anything: gradients that vanish make a weak attack, and a weak attack makes any network
 * look robust. Each check compares with another run, and can fail. Source: Carlini et al. 2019, arXiv:1902.06705,
 * section 5; Athalye, Carlini, Wagner 2018, arXiv:1802.00420, section 3.1.
 */
import type { Budget } from '../../tensor/attack.js'
import type { AttackCheck, AttackRequest } from './schema.js'
import { usualStep } from './units.js'

export interface Checked {
  request: Pick<AttackRequest, 'norm' | 'stepSize'>
  budget: Budget
  /** accuracy under the attack that is checked */
  robust: number
  /** examples */
  count: number
  /** numbers of one example */
  width: number
  /** how far valid values reach, without a box the inputs themselves: in units of the radius */
  extent: number
  /** Attacks the same examples otherwise. @returns their accuracy */
  run (changes: Partial<Budget>): number
}

/** As many random points as gradient steps would be fair; more than so many find nothing new. */
const MAX_POINTS = 50

/** One start may end beside a peak; others are only tried where an example is left. */
const WIDE_RESTARTS = 5

/** Runs all checks: together up to twice the work of the attack. */
export function runChecks (checked: Checked): AttackCheck[] {
  return [checkSteps(checked), checkOneStep(checked), checkNoise(checked), checkWideRadius(checked)]
}

function checkSteps ({ run, request, budget, robust, count }: Checked): AttackCheck {
  const { steps, radius } = budget
  const other = steps > 1 ? Math.floor(steps / 2) : 2
  const accuracy = run({ steps: other, ...(request.stepSize === undefined ? { stepSize: usualStep(radius, other) } : {}) })
  const [fewer, more] = other < steps ? [accuracy, robust] : [robust, accuracy]
  return {
    name: 'more-steps',
    rule: `more steps leave no more examples right (to within ${slackOf(count)} of them)`,
    accuracy,
    passed: isAtMost(more, fewer, count),
    evidence: `${percent(robust)} right after ${steps} steps, ${percent(accuracy)} after ${other}`
  }
}

function checkOneStep ({ run, budget: { radius }, robust, count }: Checked): AttackCheck {
  const accuracy = run({ steps: 1, stepSize: radius, restarts: 1, startRadius: 0 })
  return {
    name: 'one-step',
    rule: `the attack leaves no more examples right than one step of the whole radius, FGSM (to within ${slackOf(count)} of them)`,
    accuracy,
    passed: isAtMost(robust, accuracy, count),
    evidence: `${percent(robust)} right after the attack, ${percent(accuracy)} after one step`
  }
}

function checkNoise ({ run, budget: { steps, restarts, seed }, robust }: Checked): AttackCheck {
  const points = Math.min(MAX_POINTS, steps * restarts)
  const accuracy = run({ steps: 0, restarts: points, seed: seed + 1 })
  return {
    name: 'noise',
    rule: 'the attack leaves no more examples right than random noise of the same radius does',
    accuracy,
    passed: robust <= accuracy,
    evidence: `${percent(robust)} right after the attack, ${percent(accuracy)} whichever of ${points} random perturbations is added`
  }
}

/** The starts stay close to the examples: from far away noise alone misleads, and gradients that vanish would not be noticed. */
function checkWideRadius ({ run, request, budget: { steps }, extent, width }: Checked): AttackCheck {
  const radius = (extent || 1) * { linf: 1, l2: Math.sqrt(width), l1: width }[request.norm]
  const accuracy = run({ radius, stepSize: usualStep(radius, steps), restarts: WIDE_RESTARTS })
  return {
    name: 'wide-radius',
    rule: `within a radius of ${Number(radius.toPrecision(4))}, which lets every example become any other, no example stays right`,
    accuracy,
    passed: accuracy === 0,
    evidence: `${percent(accuracy)} right`
  }
}

/** Starts are random: an example in a hundred may fall the other way. */
function slackOf (count: number): number {
  return Math.max(1, Math.floor(count / 100))
}

function isAtMost (a: number, b: number, count: number): boolean {
  return a * count <= b * count + slackOf(count) + 1e-9
}

function percent (part: number): string {
  return `${(100 * part).toFixed(1)} %`
}
