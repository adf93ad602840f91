/** What happens around the passes: X is found anew where the method says so, everything is measured, drawn and stored. */
import type { RunEvent } from '../contract.js'
import { examplesPerBoundary } from '../kit/cost.js'
import type { Learner, LearnerOptions } from '../kit/learner.js'
import { inParts } from '../kit/passes.js'
import { announce, store } from './checkpoints.js'
import { drawSheet } from './sheet.js'
import { energiesOf, measureAll, pointOf } from './measure.js'
import { predictInParts } from './predictions.js'
import type { TrialState } from './trial-state.js'
import { epochsOf, isMeasured } from './work.js'

/** Pictures whose X is found between two boundaries. */
const PART = 4
/** Training pictures of a sheet. */
const SHOWN = 4

/** Measured and stored first, as the passes before have left it; where the warm-up ends others begin; then X for the passes that come. */
export function stagesOf (trial: TrialState, learner: () => Learner): LearnerOptions['stages'] {
  const { warmup } = trial.spec
  return [
    async function * (epoch) { if (isMeasured(trial.spec, epoch)) yield * measure(trial, learner(), epoch) },
    async function * (epoch) { yield * store(trial, learner(), epoch) },
    async function * (epoch) { if (epoch > 0 && epoch === warmup) yield { ...trial.boundary(), endsBeginning: true } },
    async function * (epoch) { if (epoch === warmup) yield * announce(trial) },
    async function * (epoch) { if (isFound(trial, epoch)) yield * find(trial) }
  ]
}

function isFound ({ beside, method, spec }: TrialState, epoch: number): boolean {
  if (beside === undefined || epoch < spec.warmup || epoch === epochsOf(spec)) return false
  if (beside.when === 'once') return epoch === spec.warmup
  return method.type === 'adm' && method.every > 0 && (epoch - spec.warmup) % method.every === 0
}

/** X of all pictures by the same network: none is put in its place before all are found. */
async function * find (trial: TrialState): AsyncGenerator<RunEvent, void> {
  const { column, examples: { data: { count } } } = trial
  const found = column.slice()
  for (let from = 0; from < count; from += PART) {
    trial.find(Int32Array.from({ length: Math.min(PART, count - from) }, (_, i) => from + i), found)
    yield trial.boundary()
  }
  column.set(found)
}

async function * measure (trial: TrialState, learner: Learner, epoch: number): AsyncGenerator<RunEvent, void> {
  const { engine, architecture, examples, train, test, pixels, known, progress, work, found } = trial
  const part = Math.max(1, Math.min(32, examplesPerBoundary(architecture, 1, engine.backend)))
  const onTrain = yield * inParts(predictInParts(engine, learner.network, examples, { part, pixels }), trial.boundary)
  const tests = { ...examples, data: test, target: test.masks }
  const onTest = yield * inParts(predictInParts(engine, learner.network, tests, { part, pixels }), trial.boundary)
  const energies = yield * inParts(energiesOf(trial, onTrain), trial.boundary)

  // From here to the end nothing can interrupt: what is emitted and what is known stay together.
  const [tested, trained] = [measureAll(trial, test, onTest), measureAll(trial, train, onTrain)]
  const point = pointOf(trial, { epoch, onTrain, energies, tested, trained })
  known.points.push(point)
  known.truthEnergy = energies.truth
  known.pictures = tested.pictures
  known.trainPictures = trained.pictures
  const { meanIoU, trainIoU, pixelAccuracy, boundaryF, scribbleAccuracy, pottsEnergy, gap, disagreement } = point
  const step = learner.steps()
  yield {
    type: 'metrics',
    step,
    values: {
      meanIoU,
      trainIoU,
      pixelAccuracy,
      boundaryF,
      scribbleAccuracy,
      pottsEnergy,
      ...(gap === null ? {} : { gap, disagreement: disagreement! }),
      ...(found.pictures === 0 ? {} : { cutMilliseconds: 1000 * found.seconds / found.pictures })
    }
  }
  Object.assign(found, { pictures: 0, seconds: 0 })
  known.sheets.push(step)
  yield { type: 'artifact', name: 'pictures', step, mediaType: 'image/png', bytes: drawSheet(trial, onTrain, Math.min(SHOWN, trial.train.count)) }
  yield * progress.add(work.measure)
}
