/** Opens what an arm's workers learn: each thread its own learning, the trial's thread also what it looks with. */
import type { Vector } from '../../../exchange/exchange.js'
import type { RunContext, RunEvent } from '../../contract.js'
import { armOf } from '../arms.js'
import type { Learning, Measuring } from '../learning.js'
import { momentumOf } from '../methods/index.js'
import { rateAtStep } from '../schedule.js'
import type { LeaderSpec } from '../spec.js'
import { createAnalyticLearning, createAnalyticMeasuring, type Objective } from './analytic.js'
import { createDoubleWell } from './double-well.js'
import { createMatrixCompletion } from './matrix-completion.js'
import { createQuadratic } from './quadratic.js'
import { createSinc } from './sinc.js'

/** What is learned, as the trial's own thread has it. */
export interface Opened<V extends Vector = Vector> {
  learning: Learning<V>
  measuring: Measuring<V>
  /** what has a closed form */
  objective?: Objective
  /** examples of a worker's step; null where there are none */
  batchSize: number | null
  testExamples?: number
  /** Stores what the training came to as models, at its end; only of networks. */
  store? (places: { centre: V, leader: V }, step: number): RunEvent[]
}

type Random = RunContext['random']

/** The learning of what has a closed form. @param repeat which of several trainings from random starts */
export function openAnalytic (spec: LeaderSpec, random: Random, repeat = 0): { objective: Objective, learning: Learning<Float64Array> } {
  const { problem, weightDecay, schedule, steps, workerRates } = spec
  const { method, learningRate, momentum } = armOf(spec, spec.methods[0]!)
  const objective = objectiveOf(spec, random, repeat)
  const unit = 'sigma' in objective ? learningRate / (objective.sigma as number) : learningRate
  const rates = Array.from({ length: 16 }, (_, worker) => unit * rateFactor(workerRates, worker))
  const learning = createAnalyticLearning(objective, {
    rate: (worker, step) => rateAtStep(schedule, rates[worker]!, step, steps),
    ...momentumOf(method, { momentum, nesterov: spec.nesterov }),
    weightDecay,
    ...(method.type === 'lars' ? { trust: method.trust } : {})
  }, {
    random,
    ...('noise' in problem ? { gradient: problem.noise } : {}),
    ...('leaderNoise' in problem ? { leader: problem.leaderNoise } : {})
  })
  return { objective, learning }
}

/** What a worker's rate is, in full rates. */
export function rateFactor (workerRates: LeaderSpec['workerRates'], worker: number): number {
  return { equal: 1, linear: worker + 1, power: 2 ** worker }[workerRates]
}

/** As openAnalytic, with what the trial's thread looks with. */
export function openAnalyticProblem (spec: LeaderSpec, random: Random): Opened<Float64Array> {
  const { objective, learning } = openAnalytic(spec, random)
  return { learning, measuring: createAnalyticMeasuring(objective), objective, batchSize: null }
}

function objectiveOf ({ problem, start }: LeaderSpec, random: Random, repeat: number): Objective {
  const startOf = (worker: number) => start === 'shared' ? 0 : worker
  const starts = (...keys: number[]) => random('start', ...keys)
  switch (problem.type) {
    case 'sinc': return createSinc(problem, startOf, starts, repeat)
    case 'double-well': return createDoubleWell(problem, startOf, starts)
    case 'quadratic': return createQuadratic(problem, startOf, { start: starts, directions: random('directions') })
    case 'matrix-completion': return createMatrixCompletion(problem, startOf, { start: starts, matrix: random('matrix') })
    case 'network': throw new Error('A network has no closed form')
  }
}
