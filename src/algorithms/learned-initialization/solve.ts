/** Solves the test instances from their starts, or by the family's reference, and records how they came along. */
import type { RunEvent } from '../contract.js'
import { inParts } from '../kit/passes.js'
import { curvePoints, quantiles, type CurvePoint } from './curve.js'
import { inSense, type Family, type Instances } from './families/family.js'
import { takeInstances } from './instances.js'
import { solveTask } from './solve-task.js'
import type { Ends } from './solving/solving.js'
import { drawTests, type TrialState } from './trial-state.js'

/** Where the test instances ended. Objectives are in the family's own sense. */
export interface Solved {
  instances: Instances
  /** [count, size] */
  states: Float64Array
  /** [count] */
  finals: Float64Array
  /** of a solver of ours; none of the reference */
  ends?: Ends
  curve: CurvePoint[]
}

/** Solves. */
export async function * solve (trial: TrialState): AsyncGenerator<RunEvent, Solved> {
  const { kept, family, spec: { solver }, wants: { runs }, known, context: { clock } } = trial
  const instances = yield * drawTests(trial)
  if (trial.initialiser.type === 'reference') return yield * refer(trial, instances)
  const began = clock()
  const ends = yield * solveTask(trial, 'test', {
    instances, runs, starts: kept.starts!.data as Float64Array, purpose: 'test directions', wants: { curve: true }
  })
  const curve = curvePoints(ends.curve!, { steps: solver.steps, count: instances.count, family })
  for (const { step, mean, ...points } of curve) {
    yield { type: 'metrics', step: known.trainingSteps + step, values: { objective: mean, ...quantileMetrics(points) } }
  }
  yield {
    type: 'metrics',
    step: known.trainingSteps + solver.steps,
    values: { instancesPerSecond: instances.count / Math.max(1e-9, clock() - began) }
  }
  return { instances, states: ends.states, finals: ends.values.map(value => inSense(family, value)), ends, curve }
}

function quantileMetrics (points: Pick<CurvePoint, 'low' | 'median' | 'high'>): Record<string, number> {
  return Object.fromEntries(quantiles.map(({ name, percent }) => [`objectiveQuantile/${percent}`, points[name]]))
}

/** Numbers of instances that the reference solves between two boundaries. */
const PART = 20_000

async function * refer (trial: TrialState, instances: Instances): AsyncGenerator<RunEvent, Solved> {
  const { family, work } = trial
  const { states, objectives } = yield * inParts(referInParts(family, instances), trial.boundary)
  yield { type: 'metrics', step: 0, values: { objective: objectives.reduce((sum, value) => sum + value, 0) / instances.count } }
  yield * trial.progress.add(work.all)
  return { instances, states, finals: objectives, curve: [] }
}

function * referInParts (
  { instanceSize, size, reference }: Family, instances: Instances
): Generator<void, { states: Float64Array, objectives: Float64Array }> {
  if (reference === undefined) throw new Error('The family has no reference solver')
  const { count } = instances
  const states = new Float64Array(count * size)
  const objectives = new Float64Array(count)
  const part = Math.max(1, Math.floor(PART / instanceSize))
  for (let from = 0; from < count; from += part) {
    const solved = reference.solve(takeInstances(instances, from, Math.min(count, from + part)))
    states.set(solved.states, from * size)
    objectives.set(solved.objectives, from)
    yield
  }
  return { states, objectives }
}
