/** Opens what an arm's workers learn: each thread its own learning, the trial's thread also what it looks with. */
import type { RunContext } from '../../contract.js'
import type { Learning } from '../learning.js'
import type { LeaderSpec } from '../spec.js'
import { createAnalyticLearning, createAnalyticMeasuring, type Objective } from './analytic.js'
import { descentOf } from './descent.js'
import { createDoubleWell } from './double-well.js'
import { createMatrixCompletion } from './matrix-completion.js'
import { openNetworkProblem } from './open-network.js'
import type { Opened } from './opened.js'
import { createQuadratic } from './quadratic.js'
import { createSinc } from './sinc.js'

type Random = RunContext['random']

/** The learning of what has a closed form. @param repeat which of several trainings from random starts */
export function openAnalytic (spec: LeaderSpec, random: Random, repeat = 0): { objective: Objective, learning: Learning<Float64Array> } {
  const { problem } = spec
  const objective = objectiveOf(spec, random, repeat)
  const unit = 'sigma' in objective ? 1 / (objective.sigma as number) : 1
  const learning = createAnalyticLearning(objective, descentOf(spec, unit), {
    random,
    ...('noise' in problem ? { gradient: problem.noise } : {}),
    ...('leaderNoise' in problem ? { leader: problem.leaderNoise } : {})
  })
  return { objective, learning }
}

/** Opens the problem of a trial for its own thread. */
export async function openProblem (spec: LeaderSpec, context: Pick<RunContext, 'data' | 'engine' | 'random'>): Promise<Opened> {
  return (spec.problem.type === 'network' ? await openNetworkProblem(spec, context) : openAnalyticProblem(spec, context.random)) as Opened
}

/** As openAnalytic, with what the trial's thread looks with. */
function openAnalyticProblem (spec: LeaderSpec, random: Random): Opened<Float64Array> {
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
