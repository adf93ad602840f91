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
import type { Lab } from './lab.js'
import { isCheckpoint, isMeasured, passWork, squaresCost } from './work.js'

/** Names of the stored models. */
export const modelNames = { clean: 'clean', told: 'trained' } as const

/**
 * Measures loss and accuracy. At a checkpoint of the told phase the same pass gives the last layer's factors: the
 * checkpoint and its index part are told, and every example's self-influence grows by eta |grad_last l(w, z)|^2.
 */
export async function * measure (lab: Lab, learner: Learner, epoch: number): AsyncGenerator<RunEvent, void> {
  const { spec, engine, phase } = lab
  if (!isMeasured(spec, epoch)) return
  const scores = phase === 'told' && isCheckpoint(spec, epoch)
  const part = examplesPerBoundary(lab.architecture, 1, engine.backend)
  const examples = lab.examples()
  const factors = scores
    ? yield * inParts(lastLayerFactors(engine, learner.network, examples, allOf(lab.train.count), part), lab.boundary)
    : undefined
  const evaluateOn = (some: Examples) => inParts(evaluateInParts(engine, learner.network, some, part), lab.boundary)
  const verdicts: Verdicts = factors ?? (yield * evaluateOn(examples))
  const onTest = yield * evaluateOn({ ...examples, data: lab.test, target: lab.test.labels })

  // From here to the end nothing can interrupt: what is told and what is known stay together.
  lab.verdicts = { losses: verdicts.losses, predictions: verdicts.predictions }
  const train = summarise(verdicts, lab.labels)
  const test = summarise(onTest, lab.test.labels)
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
  if (phase === 'told') lab.known.test = test.accuracy
  else lab.known.cleanTest = test.accuracy
  if (scores || epoch === spec.epochs) yield storeWeights(learner, modelNames[phase])
  if (factors) {
    yield { type: 'influence', model: modelNames.told, step, layers: 'last', arrays: toLastPart(factors) }
    addSelfInfluence(lab.scores.last, factors, learner.rate())
    lab.known.checkpoints.push({ epoch, step, learningRate: learner.rate() })
  }
  yield * lab.progress.add(passWork(spec, lab.train.count + lab.test.count))
}

/** Where the frequency probe is on: what it tells after a step, and a boundary, since measuring may take long. */
export function observe (lab: Lab, learner: Learner): RunEvent[] {
  const { spec: { epochs, batchSize }, probe, engine, train } = lab
  const isLast = learner.steps() === epochs * Math.ceil(train.count / batchSize)
  const told = probe?.observe(learner.steps(), isLast, indices =>
    evaluate(engine, learner.network, { ...lab.examples(), indices, probabilities: true })) ?? []
  return told.length > 0 ? [...told, lab.boundary()] : []
}

function storeWeights (learner: Learner, model: string): RunEvent {
  return { type: 'checkpoint', model, step: learner.steps(), learningRate: learner.rate(), arrays: learner.network.save() }
}

/** At a checkpoint of the told phase: every example's self-influence over all layers grows by eta |grad l(w, z)|^2. */
export async function * scoreAllLayers (lab: Lab, learner: Learner, epoch: number): AsyncGenerator<RunEvent, void> {
  const { spec, engine, phase } = lab
  if (phase !== 'told' || !isCheckpoint(spec, epoch) || !spec.selfInfluence.includes('all')) return
  const part = examplesPerBoundary(lab.architecture, squaresCost, engine.backend)
  const parts = gradientSquares(engine, learner.network, lab.examples(), allOf(lab.train.count), part)
  const squares = yield * inParts(parts, lab.boundary)
  squares.forEach((square, i) => { lab.scores.all[i]! += learner.rate() * square })
  yield * lab.progress.add(passWork(spec, lab.train.count * squaresCost))
}
