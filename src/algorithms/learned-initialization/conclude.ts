/** What a trial returns: where the test instances ended, what it took, and what it is held against. Pure. */
import { meanOf } from '../../math/mean.js'
import { stopReasons } from '../../optimizers/batched/solver.js'
import { parameterCount } from '../../tensor/architecture.js'
import { inSense } from './families/family.js'
import { judgeReference } from './judge-reference.js'
import { architectureOf, isTrained } from './learning/architecture.js'
import type { InitializationResult } from './result.js'
import type { Solved } from './solve.js'
import type { Ends } from './solving/solving.js'
import type { TrialState } from './trial-state.js'
import { predictionFlops, stepFlops, trainingFlops } from './work.js'

/** Examples that a result shows. */
const EXAMPLES = 4

/** Concludes. */
export function conclude (trial: TrialState, solved: Solved): InitializationResult {
  const { spec, initialiser, family, known: { calibration } } = trial
  const { instances, states, finals, ends, curve } = solved
  const { isBest, basinMass } = family
  return {
    outcome: ends && ends.nonFinite[0]! > 0 ? 'diverged' : 'finished',
    objective: family.objective,
    finals: Array.from(finals),
    initials: Array.from(ends?.initials ?? [], value => inSense(family, value)),
    curve,
    reasons: ends ? countReasons(ends) : {},
    ...(isBest ? { succeeded: meanOf(isBest(instances, states)) } : {}),
    ...(basinMass ? { expected: meanOf(basinMass(instances)) } : {}),
    cost: costOf(trial, ends),
    ...(calibration ? { calibration } : {}),
    ...(initialiser.type === 'reference' ? judgeReference(spec.family, family, solved) : {}),
    parameters: isTrained(initialiser) ? parameterCount(architectureOf(initialiser, family)) : 0,
    examples: examplesOf(trial, solved)
  }
}

function countReasons ({ reasons }: Ends): InitializationResult['reasons'] {
  const counts: InitializationResult['reasons'] = {}
  for (const reason of reasons) counts[stopReasons[reason]!] = (counts[stopReasons[reason]!] ?? 0) + 1
  return counts
}

function costOf ({ spec, initialiser, family, known: { offline, before } }: TrialState, ends: Ends | undefined): InitializationResult['cost'] {
  const perInstance = (values: Float64Array | undefined, earlier: number) => values ? meanOf(values) + earlier / spec.testInstances : 0
  return {
    offlineSteps: offline.steps,
    offlineQueries: offline.queries,
    trainingFlops: trainingFlops(spec, family),
    stepFlops: stepFlops(family, spec.solver),
    onlineSteps: perInstance(ends?.steps, before.steps),
    onlineQueries: perInstance(ends?.queries, before.queries),
    predictionFlops: predictionFlops(initialiser, family)
  }
}

/** The first test instances: the start of the run that ended best, and its end. */
function examplesOf (
  { family: { size, instanceSize, decisionOf }, kept, wants: { runs } }: TrialState, { instances, states, finals, ends }: Solved
): InitializationResult['examples'] {
  const starts = kept.starts?.data as Float64Array | undefined
  return Array.from({ length: Math.min(EXAMPLES, instances.count) }, (_, i) => {
    const row = i * runs + (ends?.runs[i] ?? 0)
    return {
      instance: Array.from(instances.data.subarray(i * instanceSize, (i + 1) * instanceSize)),
      start: Array.from(starts ? decisionOf(starts.slice(row * size, (row + 1) * size)) : []),
      solution: Array.from(decisionOf(states.slice(i * size, (i + 1) * size))),
      objective: finals[i]!
    }
  })
}
