/** Gives the test instances their starts. */
import type { RunEvent } from '../contract.js'
import { inParts } from '../kit/passes.js'
import { calibrate } from './calibrate.js'
import type { Instances } from './families/family.js'
import type { Fitted } from './fit.js'
import { openInitialiser } from './initialisers/index.js'
import type { Given } from './initialisers/initialiser.js'
import { takeInstances } from './instances.js'
import { drawTests, type TrialState } from './trial-state.js'
import { offlineOf, predictionFlops } from './work.js'

/** Operations between two boundaries, of networks and of the search for neighbours. */
const PACE = 3e8

/** Opens the initialiser with what was learned and asks it, then what its network says of values is held against what they are. */
export async function * start (trial: TrialState, fitted: Fitted | undefined): AsyncGenerator<RunEvent, void> {
  const { initialiser, family, work, known, kept, wants: { runs } } = trial
  if (kept.starts || initialiser.type === 'reference') return
  const { predictor, seen, deviation } = fitted ?? {}
  const given: Given = { family, predictor, seen, solutions: trial.solutions, ends: kept.ends?.data as Float64Array | undefined }
  const instances = yield * drawTests(trial)
  const starts = yield * inParts(startInParts(trial, given, instances), trial.boundary)
  if (initialiser.type === 'val-init' && work.calibration.instances > 0) {
    const calibration = yield * calibrate(trial, initialiser, { ...given, deviation: deviation! })
    if (calibration) known.calibration = calibration
  }
  kept.starts = { shape: [instances.count, runs, family.size], data: starts }
  for (const name of Object.keys(kept)) if (name !== 'starts') delete kept[name]
  trial.closeLearner()
  yield trial.boundary()
}

function * startInParts (
  { initialiser, spec, family, wants: { runs }, context: { random } }: TrialState, given: Given, instances: Instances
): Generator<void, Float64Array> {
  if (initialiser.type === 'reference') throw new Error('The reference has no starts')
  const { count } = instances
  const { starts } = openInitialiser(initialiser, given)
  const distances = initialiser.type === 'nearest' ? 3 * offlineOf(spec, initialiser) * family.features.size : 0
  const cost = predictionFlops(initialiser, family) + distances + 1000 * runs * family.size
  const part = Math.max(1, Math.floor(PACE / cost))
  const all = new Float64Array(count * runs * family.size)
  for (let from = 0; from < count; from += part) {
    const some = takeInstances(instances, from, Math.min(count, from + part))
    all.set(starts(some, from, random), from * runs * family.size)
    yield
  }
  return all
}
