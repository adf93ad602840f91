/** What happens around the steps of a tracin training: measuring after an epoch, scoring at a checkpoint. */
import { lastLayerFactors, toLastPart } from '../../influence/factors.js'
import { gradientSquares } from '../../influence/gradients.js'
import { addSelfInfluence } from '../../influence/scoring.js'
import type { Examples } from '../../tensor/batches.js'
import { evaluate } from '../../tensor/evaluate.js'
import { allOf } from '../../tensor/forward.js'
import type { RunEvent } from '../contract.js'
import { examplesPerBoundary } from '../kit/cost.js'
import type { Learner } from '../kit/learner.js'
import { evaluateInParts, inParts, summarise, type Verdicts } from '../kit/passes.js'
import type { TrialState } from './trial-state.js'
import { isCheckpoint, isMeasured, passWork, squaresCost } from './work.js'

/** Names of the stored models. */
export const modelNames = { clean: 'clean', noisy: 'trained' } as const

/**
 * Measures loss and accuracy. At a checkpoint of the noisy phase the same pass gives the last layer's factors: the
 * checkpoint and its index part are emitted, and every example's self-influence grows by eta |grad_last l(w, z)|^2.
 */
export async function * measure (trial: TrialState, learner: Learner, epoch: number): AsyncGenerator<RunEvent, void> {
  const { spec, engine, phase } = trial
  if (!isMeasured(spec, epoch)) return
  const scores = phase === 'noisy' && isCheckpoint(spec, epoch)
  const part = examplesPerBoundary(trial.architecture, 1, engine.backend)
  const examples = trial.examples()
  const factors = scores
    ? yield * inParts(lastLayerFactors(engine, learner.network, examples, allOf(trial.train.count), part), trial.boundary)
    : undefined
  const evaluateOn = (some: Examples) => inParts(evaluateInParts(engine, learner.network, some, part), trial.boundary)
  const verdicts = (factors ?? (yield * evaluateOn(examples))) as Verdicts
  const onTest = yield * evaluateOn({ ...examples, data: trial.test, target: trial.test.labels })

  // From here to the end nothing can interrupt: what is emitted and what is known stay together.
  trial.verdicts = { losses: verdicts.losses, predictions: verdicts.predictions }
  const train = summarise(verdicts, trial.labels)
  const test = summarise(onTest, trial.test.labels)
  const step = learner.steps()
  yield {
    type: 'metrics',
    step,
    values: phase === 'clean'
      ? {
          cleanTrainLoss: train.loss,
          cleanTestLoss: test.loss,
          cleanTrainAccuracy: train.accuracy,
          cleanTestAccuracy: test.accuracy
        }
      : { trainLoss: train.loss, testLoss: test.loss, trainAccuracy: train.accuracy, testAccuracy: test.accuracy }
  }
  if (phase === 'noisy') trial.known.test = test.accuracy
  else trial.known.cleanTest = test.accuracy
  if (scores || epoch === spec.epochs) yield storeWeights(learner, modelNames[phase])
  if (factors) {
    yield { type: 'influence', model: modelNames.noisy, step, layers: 'last', arrays: toLastPart(factors) }
    addSelfInfluence(trial.scores.last, factors, learner.rate())
    trial.known.checkpoints.push({ epoch, step, learningRate: learner.rate() })
  }
  yield * trial.progress.add(passWork(spec, trial.train.count + trial.test.count))
}

/** Where the frequency probe is on: what it emits after a step, and a boundary, since measuring may take long. */
export function observe (trial: TrialState, learner: Learner): RunEvent[] {
  const { spec: { epochs, batchSize }, probe, engine, train } = trial
  const isLast = learner.steps() === epochs * Math.ceil(train.count / batchSize)
  const emitted = probe?.observe(learner.steps(), isLast, indices =>
    evaluate(engine, learner.network, { ...trial.examples(), indices, probabilities: true })) ?? []
  return emitted.length > 0 ? [...emitted, trial.boundary()] : []
}

function storeWeights (learner: Learner, model: string): RunEvent {
  return { type: 'checkpoint', model, step: learner.steps(), learningRate: learner.rate(), arrays: learner.network.save() }
}

/** At a checkpoint of the noisy phase: every example's self-influence over all layers grows by eta |grad l(w, z)|^2. */
export async function * scoreAllLayers (trial: TrialState, learner: Learner, epoch: number): AsyncGenerator<RunEvent, void> {
  const { spec, engine, phase } = trial
  if (phase !== 'noisy' || !isCheckpoint(spec, epoch) || !spec.selfInfluence.includes('all')) return
  const part = examplesPerBoundary(trial.architecture, squaresCost, engine.backend)
  const parts = gradientSquares(engine, learner.network, trial.examples(), allOf(trial.train.count), part)
  const squares = yield * inParts(parts, trial.boundary)
  squares.forEach((square, i) => { trial.scores.all[i]! += learner.rate() * square })
  yield * trial.progress.add(passWork(spec, trial.train.count * squaresCost))
}
