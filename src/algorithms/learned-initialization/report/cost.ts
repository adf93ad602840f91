/** What an arm costs before and at every new instance, in solver steps, and after how many instances that is made good. Pure. */
import { sureOf } from '../../kit/sure.js'
import { runsOf } from '../families/synthetic/theory.js'
import { signOf, type Compared } from './paired.js'
import { meanCurve, meanFinal, objectiveOf, stepsTo, type RanArm } from './trials.js'

export interface Cost {
  /** of solver steps alone */
  steps: { offline: number, online: number | undefined }
  /** solver steps that came before, a training's operations counted in steps */
  offline: number
  /** those of all starts of a new instance until the mean is surely at the level, prediction included; undefined where it never is */
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

/** Steps of one start of an arm until its mean is at the level. @param doubt  by how much its mean may be too good */
export function stepsToLevel (arm: RanArm, { value }: Level, doubt = 0): number | undefined {
  const { sense } = objectiveOf([arm])
  return stepsTo(meanCurve(arm), value + signOf(sense) * doubt, sense)
}

/**
 * Of an arm, mean over its seeds. What it gains by chance saves nothing: its curve must be beyond the level by what lies between the
 * mean and the lower end of its gain.
 */
export function costOf ({ besideRandom }: Compared, arm: RanArm, level: Level): Cost {
  const gain = besideRandom.get(arm.name)?.gain
  const mean = (of: (cost: RanArm['trials'][number]['result']['cost']) => number) => sureOf(arm.trials.map(({ result }) => of(result.cost))).mean
  const inSteps = (flops: number, stepFlops: number) => stepFlops > 0 ? flops / stepFlops : 0
  const steps = stepsToLevel(arm, level, gain === undefined ? 0 : gain.mean - gain.low)
  const online = steps === undefined ? undefined : runsOf(arm.initialiser) * steps
  return {
    steps: { offline: mean(({ offlineSteps }) => offlineSteps), online },
    offline: mean(({ offlineSteps, trainingFlops, stepFlops }) => offlineSteps + inSteps(trainingFlops, stepFlops)),
    online: online === undefined ? undefined : online + mean(({ predictionFlops, stepFlops }) => inSteps(predictionFlops, stepFlops))
  }
}

/** New instances after which an arm has cost less than random starts; 'never' where it saves nothing. */
export function breakEven (arm: Pick<Cost, 'offline' | 'online'>, random: Pick<Cost, 'online'>): number | 'never' {
  const saved = arm.online === undefined || random.online === undefined ? 0 : random.online - arm.online
  return saved > 0 ? arm.offline / saved : 'never'
}
