/** What happens around the epochs of a network's training: it is measured, stored, and attacked. Next hop: withstand.ts. */
import type { RunEvent } from '../../contract.js'
import { examplesPerBoundary } from '../../kit/cost.js'
import type { Learner, LearnerOptions } from '../../kit/learner.js'
import { accuracyOf, evaluateInParts, inParts, meanLoss } from '../../kit/passes.js'
import type { Stopwatch } from './stopwatch.js'
import type { TrialState } from './trial-state.js'
import { checkAttack, checksOf, withstandAfterEpoch, withstandAtEnd } from './withstand.js'

/** Name of the stored model. */
export const modelName = 'trained'

type Stage = LearnerOptions['stages'][number]

/** After every epoch the test examples, clean and attacked within each radius; after the last one harder, and checks of that. */
export function stagesOf (trial: TrialState, learner: () => Learner, stopwatch: Stopwatch): Stage[] {
  const { epochs, evaluation: { radii } } = trial.problem
  const when = (isTime: (epoch: number) => boolean, stage: Stage): Stage => epoch => isTime(epoch) ? stage(epoch) : nothing()
  const afterEpoch = (stage: Stage) => when(epoch => epoch > 0, stage)
  const atEnd = (stage: Stage) => when(epoch => epoch === epochs, stage)
  return [
    afterEpoch(epoch => measure(trial, learner(), { epoch, stopwatch })),
    ...radii.map(radius => afterEpoch(() => withstandAfterEpoch(trial, learner(), radius))),
    ...radii.map(radius => atEnd(() => withstandAtEnd(trial, learner(), radius))),
    ...checksOf(trial).map(name => atEnd(() => checkAttack(trial, name)))
  ]
}

async function * nothing (): AsyncGenerator<RunEvent, void> {}

/** Loss on the training examples as they are, accuracy on all test examples; the weights, where a checkpoint stands. */
async function * measure (
  trial: TrialState, learner: Learner, { epoch, stopwatch }: { epoch: number, stopwatch: Stopwatch }
): AsyncGenerator<RunEvent, void> {
  const { engine, architecture, train, test, known, progress, work, problem: { batchSize } } = trial
  const secondsPerStep = stopwatch.read()
  const part = examplesPerBoundary(architecture, 1, engine.backend)
  const onTrain = yield * inParts(evaluateInParts(engine, learner.network, train, part), trial.boundary)
  const onTest = yield * inParts(evaluateInParts(engine, learner.network, test, part), trial.boundary)

  // From here to the end nothing can interrupt: what is emitted and what is known stay together.
  const accuracy = accuracyOf(onTest.predictions, test.target)
  known.accuracy = accuracy
  known.epochs.push({ epoch, accuracy, robust: [] })
  const speed = secondsPerStep === undefined ? undefined : Math.min(batchSize, train.data.count) / secondsPerStep
  yield {
    type: 'metrics',
    step: learner.steps(),
    values: { loss: meanLoss(onTrain), error: 1 - accuracy, ...(speed === undefined ? {} : { samplesPerSecond: speed }) }
  }
  yield * store(trial, learner, epoch)
  yield * progress.add(work.pass)
}

function * store ({ checkpoints }: TrialState, learner: Learner, epoch: number): Generator<RunEvent, void> {
  const checkpoint = checkpoints.find(one => one.epoch === epoch)
  if (checkpoint === undefined) return
  const { learningRate, interval } = checkpoint
  const moments = learner.moments()
  const arrays = learner.network.save()
  yield { type: 'checkpoint', model: modelName, step: learner.steps(), learningRate, interval, arrays, ...(moments ? { moments } : {}) }
}
