/**
 * Whether a robust accuracy means anything: gradients that vanish make a weak attack, and a weak attack makes any network
 * look robust. Each check compares with another run, and can fail. Source: Carlini et al. 2019, arXiv:1902.06705,
 * section 5; Athalye, Carlini, Wagner 2018, arXiv:1802.00420, section 3.1.
 */
import type { Budget } from '../../tensor/attack.js'
import type { Norm } from '../../tensor/balls.js'
import type { AttackCheck } from './schema.js'
import { usualStep } from './units.js'

/** The attack that is checked. */
export interface Checked {
  norm: Norm
  budget: Budget
  /** its step size is the usual one for its steps, so that another number of steps has another */
  isUsualStep: boolean
  /** accuracy under the attack that is checked */
  robust: number
  /** examples */
  count: number
  /** numbers of one example */
  width: number
  /** how far valid values reach, without a box the inputs themselves: in units of the radius */
  extent: number
}

/** One to be made: an attack on the same examples that differs by the changes, and what their accuracy under it then says. */
export interface PlannedCheck {
  changes: Partial<Budget>
  judge (accuracy: number): AttackCheck
}

/** As many random points as gradient steps would be fair; more than so many find nothing new. */
const MAX_POINTS = 50

/** One start may end beside a peak; others are only tried where an example is left. */
const WIDE_RESTARTS = 5

/** Names of all of them, in order. */
export const checkNames = ['more-steps', 'one-step', 'noise', 'wide-radius'] as const

/** Plans all checks: together up to twice the work of the attack. */
export function planChecks (checked: Checked): PlannedCheck[] {
  const plans = { 'more-steps': checkSteps, 'one-step': checkOneStep, noise: checkNoise, 'wide-radius': checkWideRadius }
  return checkNames.map(name => {
    const { changes, judge } = plans[name](checked)
    return { changes, judge: accuracy => ({ name, accuracy, ...judge(accuracy) }) }
  })
}

/** A check without what all have. */
interface Plan {
  changes: Partial<Budget>
  judge (accuracy: number): Pick<AttackCheck, 'rule' | 'passed' | 'evidence'>
}

function checkSteps ({ isUsualStep, budget: { steps, radius }, robust, count }: Checked): Plan {
  const other = steps > 1 ? Math.floor(steps / 2) : 2
  return {
    changes: { steps: other, ...(isUsualStep ? { stepSize: usualStep(radius, other) } : {}) },
    judge (accuracy) {
      const [fewer, more] = other < steps ? [accuracy, robust] : [robust, accuracy]
      return {
        rule: `more steps leave no more examples right (to within ${slackOf(count)} of them)`,
        passed: isAtMost(more, fewer, count),
        evidence: `${percent(robust)} right after ${steps} steps, ${percent(accuracy)} after ${other}`
      }
    }
  }
}

function checkOneStep ({ budget: { radius }, robust, count }: Checked): Plan {
  return {
    changes: { steps: 1, stepSize: radius, restarts: 1, startRadius: 0 },
    judge: accuracy => ({
      rule: `the attack leaves no more examples right than one step of the whole radius, FGSM (to within ${slackOf(count)} of them)`,
      passed: isAtMost(robust, accuracy, count),
      evidence: `${percent(robust)} right after the attack, ${percent(accuracy)} after one step`
    })
  }
}

function checkNoise ({ budget: { steps, restarts, seed }, robust }: Checked): Plan {
  const points = Math.min(MAX_POINTS, steps * restarts)
  return {
    changes: { steps: 0, restarts: points, seed: seed + 1 },
    judge: accuracy => ({
      rule: 'the attack leaves no more examples right than random noise of the same radius does',
      passed: robust <= accuracy,
      evidence: `${percent(robust)} right after the attack, ${percent(accuracy)} whichever of ${points} random perturbations is added`
    })
  }
}

/** The starts stay close to the examples: from far away noise alone misleads, and gradients that vanish would not be noticed. */
function checkWideRadius ({ norm, budget: { steps }, extent, width }: Checked): Plan {
  const radius = (extent || 1) * { linf: 1, l2: Math.sqrt(width), l1: width }[norm]
  return {
    changes: { radius, stepSize: usualStep(radius, steps), restarts: WIDE_RESTARTS },
    judge: accuracy => ({
      rule: `within a radius of ${Number(radius.toPrecision(4))}, which lets every example become any other, no example stays right`,
      passed: accuracy === 0,
      evidence: `${percent(accuracy)} right`
    })
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
