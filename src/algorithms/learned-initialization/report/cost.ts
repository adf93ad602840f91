/** What an arm costs before and at every new instance, in solver steps, and after how many instances that is made good. Pure. */
import { sureOf } from '../../kit/sure.js'
import { runsOf } from '../families/synthetic/theory.js'
import { meanCurve, meanFinal, objectiveOf, stepsTo, type RanArm } from './trials.js'

export interface Cost {
  /** solver steps that came before, a training's operations counted in steps */
  offline: number
  /** solver steps of all starts of a new instance until the mean is at the level, prediction included; undefined where it never is */
  online: number | undefined
}

/** The level at which all are compared: where random starts end in the mean. */
export interface Level { value: number, steps: number }

/** Undefined where no curve says when. */
export function levelOf (random: RanArm): Level | undefined {
  const value = meanFinal(random)
  const { sense } = objectiveOf([random])
  const curve = meanCurve(random)
  // the last point of the curve is the mean of the finals but for rounding
  const last = curve.at(-1)
  if (last === undefined) return undefined
  const level = sense === 'maximize' ? Math.min(value, last.mean) : Math.max(value, last.mean)
  return { value: level, steps: stepsTo(curve, level, sense)! }
}

/** Steps of one start of an arm until its mean is at the level. */
export function stepsToLevel (arm: RanArm, { value }: Level): number | undefined {
  return stepsTo(meanCurve(arm), value, objectiveOf([arm]).sense)
}

/** Of an arm, mean over its seeds. */
export function costOf (arm: RanArm, level: Level): Cost {
  const mean = (of: (cost: RanArm['trials'][number]['result']['cost']) => number) => sureOf(arm.trials.map(({ result }) => of(result.cost))).mean
  const inSteps = (flops: number, stepFlops: number) => stepFlops > 0 ? flops / stepFlops : 0
  const steps = stepsToLevel(arm, level)
  return {
    offline: mean(({ offlineSteps, trainingFlops, stepFlops }) => offlineSteps + inSteps(trainingFlops, stepFlops)),
    online: steps === undefined ? undefined : runsOf(arm.initialiser) * steps + mean(({ predictionFlops, stepFlops }) => inSteps(predictionFlops, stepFlops))
  }
}

/** New instances after which an arm has cost less than random starts; 'never' where it saves nothing. */
export function breakEven (arm: Cost, random: Cost): number | 'never' {
  const saved = arm.online === undefined || random.online === undefined ? 0 : random.online - arm.online
  return saved > 0 ? arm.offline / saved : 'never'
}
