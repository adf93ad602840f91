/** How the workers of an arm descend, whatever they learn. */
import { armOf } from '../arms.js'
import { momentumOf } from '../methods/index.js'
import { rateAtStep } from '../schedule.js'
import type { LeaderSpec } from '../spec.js'

/** How a worker descends. */
export interface Descent {
  /** in force at a step */
  rate: (worker: number, step: number) => number
  momentum: number
  nesterov: boolean
  weightDecay: number
  /** trust coefficient of lars, which has a rate for every layer; what is no network is one layer */
  trust?: number
}

/** The descent of an arm. @param unit what rates are multiples of */
export function descentOf (spec: LeaderSpec, unit = 1): Descent {
  const { weightDecay, schedule, steps, workerRates } = spec
  const { method, learningRate, momentum } = armOf(spec, spec.methods[0]!)
  const rates = Array.from({ length: 16 }, (_, worker) => learningRate * unit * rateFactor(workerRates, worker))
  return {
    rate: (worker, step) => rateAtStep(schedule, rates[worker]!, step, steps),
    ...momentumOf(method, { momentum, nesterov: spec.nesterov }),
    weightDecay,
    ...(method.type === 'lars' ? { trust: method.trust } : {})
  }
}

/** What a worker's rate is, in full rates. */
function rateFactor (workerRates: LeaderSpec['workerRates'], worker: number): number {
  return { equal: 1, linear: worker + 1, power: 2 ** worker }[workerRates]
}
