/** What happens around the steps of a tracin training: measuring after an epoch, scoring at a checkpoint. */
import { labelWidth, type Labels } from '../../datasets/labelled.js'
import { unscaleTargets } from '../../datasets/scaling.js'
import { lastLayerFactors, toLastPart } from '../../influence/factors.js'
import { gradientSquares } from '../../influence/gradients.js'
import { evaluate } from '../../tensor/evaluate.js'
import { allOf } from '../../tensor/forward.js'
import type { RunEvent } from '../contract.js'
import { examplesPerBoundary } from '../kit/cost.js'
import type { Learner } from '../kit/learner.js'
import { accuracyOf, errorsOf, evaluateInParts, inParts, meanLoss, type Verdicts } from '../kit/passes.js'
import { addLastScores, preconditionerAt } from './last-scores.js'
import type { TrialState } from './trial-state.js'
import { weightOf } from './weights.js'
import { isMeasured, isStored as isStoredAfter, passWork, squaresCost } from './work.js'

/** Names of the stored models. */
export const modelNames = { clean: 'clean', noisy: 'trained' } as const

/**
 * Measures loss, and accuracy or errors. At a checkpoint of the noisy phase the same pass gives the last layer's factors:
 * the checkpoint and its index part are emitted, and where it counts, every example's self-influence grows by
 * a |grad_last l(w, z)|^2; the baselines see it too, and at the end compute what they have to say of it, where wrong labels
 * are to be found.
 */
export async function * measure (trial: TrialState, learner: Learner, epoch: number): AsyncGenerator<RunEvent, void> {
  const { spec, engine, phase } = trial
  if (!isMeasured(spec, epoch)) return
  const isStored = phase === 'noisy' ? isStoredAfter(spec, epoch) : epoch === spec.epochs
  const counted = countedAt(trial, epoch)
  const part = examplesPerBoundary(trial.architecture, 1, engine.backend)
  const examples = trial.examples()
  const factors = isStored && phase === 'noisy'
    ? yield * inParts(lastLayerFactors(engine, learner.network, examples, allOf(trial.train.count), part), trial.boundary)
    : undefined
  const { tests } = trial.explained
  const ofTests = factors && counted && tests.length > 0
    ? yield * inParts(lastLayerFactors(engine, learner.network, trial.testExamples(), tests, tests.length), trial.boundary)
    : undefined
  const end = factors && epoch === spec.epochs && trial.flipped.length > 0
    ? yield * inParts(trial.baselines.computeEnd(factors, trial.labels), trial.boundary)
    : undefined
  const evaluateOn = (some: typeof examples) => inParts(evaluateInParts(engine, learner.network, some, part), trial.boundary)
  const onTrain = (factors ?? (yield * evaluateOn(examples))) as Verdicts
  const onTest = yield * evaluateOn(trial.testExamples())

  // From here to the end nothing can interrupt: what is emitted and what is known stay together.
  trial.verdicts = { losses: onTrain.losses, predictions: inUnits(trial, onTrain.predictions) }
  const step = learner.steps()
  const tested = { ...onTest, predictions: inUnits(trial, onTest.predictions) }
  yield { type: 'metrics', step, values: judge(trial, trial.verdicts, tested) }
  trial.known.explained = rowsOf(tested.predictions, tests, tested.predictions.length / trial.test.count)
  const stored = { step, learningRate: counted?.learningRate ?? learner.rate(), ...(counted ? { interval: counted.interval } : {}) }
  const moments = learner.moments()
  if (isStored) {
    const isCounted = phase === 'clean' || counted !== undefined
    yield { type: 'checkpoint', model: modelNames[phase], ...stored, counted: isCounted, arrays: learner.network.save(), ...(moments ? { moments } : {}) }
  }
  if (factors) {
    yield { type: 'influence', model: modelNames.noisy, step, layers: 'last', arrays: toLastPart(factors) }
    if (counted) {
      addLastScores(trial, learner, { train: factors, tests: ofTests, weight: weightOf(spec, counted) })
      trial.baselines.addCheckpoint(factors, trial.labels)
    }
    trial.baselines.end = end
    trial.known.checkpoints.push({ epoch, ...stored, counted: counted !== undefined })
  }
  yield * trial.progress.add(passWork(spec, trial.train.count + trial.test.count))
}

/** Predictions as the data set has them: values in their units. */
function inUnits ({ preprocessing }: TrialState, predictions: Labels): Labels {
  return predictions instanceof Int32Array ? predictions : Float32Array.from(unscaleTargets(predictions, preprocessing))
}

function rowsOf (values: Labels, rows: Int32Array, width: number): number[] {
  return Array.from(rows).flatMap(row => Array.from(values.subarray(row * width, (row + 1) * width)))
}

/** What is recorded of an evaluation; what is known of the test examples is kept. */
function judge (trial: TrialState, train: Verdicts, test: Verdicts): Record<string, number> {
  const { phase, known, dataset, labels, test: { labels: testLabels } } = trial
  const [trainLoss, testLoss] = [meanLoss(train), meanLoss(test)]
  if (dataset.target.type === 'values') {
    const width = labelWidth(dataset)
    known.testErrors = errorsOf(test.predictions, testLabels, width)
    const trainError = rootMeanSquare(errorsOf(train.predictions, labels, width))
    return { trainLoss, testLoss, trainError, testError: rootMeanSquare(known.testErrors) }
  }
  const [trainAccuracy, testAccuracy] = [accuracyOf(train.predictions, labels), accuracyOf(test.predictions, testLabels)]
  if (phase === 'clean') {
    known.cleanTest = testAccuracy
    return { cleanTrainLoss: trainLoss, cleanTestLoss: testLoss, cleanTrainAccuracy: trainAccuracy, cleanTestAccuracy: testAccuracy }
  }
  known.test = testAccuracy
  return { trainLoss, testLoss, trainAccuracy, testAccuracy }
}

function rootMeanSquare (errors: number[]): number {
  return Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
}

/** Where the frequency probe is on: what it emits after a step, and a boundary, since measuring may take long. */
export function observe (trial: TrialState, learner: Learner): RunEvent[] {
  const { spec: { epochs, batchSize }, probe, engine, train } = trial
  const isLast = learner.steps() === epochs * Math.ceil(train.count / batchSize)
  const emitted = probe?.observe(learner.steps(), isLast, indices =>
    evaluate(engine, learner.network, { ...trial.examples(), indices, probabilities: true })) ?? []
  return emitted.length > 0 ? [...emitted, trial.boundary()] : []
}

/** The checkpoint of the noisy phase that counts after an epoch, 0: before the first. */
function countedAt ({ phase, counted }: TrialState, epoch: number): TrialState['counted'][number] | undefined {
  return phase === 'noisy' ? counted.find(checkpoint => checkpoint.epoch === epoch) : undefined
}

/**
 * At a checkpoint that counts: every example's self-influence over all layers grows by a |grad l(w, z)|^2, with adam in the
 * measure of its second moments.
 */
export async function * scoreAllLayers (trial: TrialState, learner: Learner, epoch: number): AsyncGenerator<RunEvent, void> {
  const { spec, engine } = trial
  const counted = countedAt(trial, epoch)
  if (counted === undefined || !spec.selfInfluence.includes('all')) return
  const part = examplesPerBoundary(trial.architecture, squaresCost, engine.backend)
  const parts = gradientSquares(engine, learner.network, trial.examples(), allOf(trial.train.count), part, preconditionerAt(learner))
  const squares = yield * inParts(parts, trial.boundary)
  squares.forEach((square, i) => { trial.scores.all[i]! += weightOf(spec, counted) * square })
  yield * trial.progress.add(passWork(spec, trial.train.count * squaresCost))
}
