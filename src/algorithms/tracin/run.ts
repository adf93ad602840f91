/**
 * One trial of tracin: the paper's search for mislabelled examples by TracInCP. Next hops: stages.ts measures and scores,
 * trial-state.ts holds what is known, result.ts concludes.
 */
import { parameterCount } from '../../tensor/architecture.js'
import { evaluate } from '../../tensor/evaluate.js'
import type { Network } from '../../tensor/network.js'
import type { RunContext, RunEvent, TrialDefinition } from '../contract.js'
import { rateAt } from '../kit/schedule.js'
import { drawExample, isPicture } from '../kit/thumbnail.js'
import { openTrial, relabel, type TrialState } from './trial-state.js'
import { hardestLabels, possibleLabels } from './noise.js'
import { compareMethods, concentrate, countByScore, judgePredictions, rankExamples, type Scored } from './result.js'
import { drawContactSheet, sheetLength, sheetName } from './sheet.js'
import type { TracinResult, TracinSpec } from './spec.js'
import { measure, modelNames, observe, scoreAllLayers } from './stages.js'

/** Runs one trial: [a clean model chooses the wrong labels,] a model is trained on the training labels, examples are ranked. */
export async function * run (
  { spec, seed }: TrialDefinition<TracinSpec>, context: RunContext
): AsyncGenerator<RunEvent, TracinResult> {
  const trial = await openTrial(spec, context)
  try {
    // 1. hardest: y'(z) = argmax over c != y of P_c(z), P trained on the data set's labels, for a random part of the z
    if (trial.phase === 'clean') {
      const clean = yield * train(trial)
      trial.labels = hardest(trial, clean)
      trial.phase = 'noisy'
      trial.known.isAnnounced = false
    }
    // 2. train on the training labels; at every checkpoint c: self(z) += eta_c |grad l(w_c, z)|^2
    yield * train(trial)
    // 3. rank by self(z), and count how many wrong labels come first
    const result = conclude(trial)
    yield * showRanking(trial, result, seed)
    return result
  } finally {
    trial.close()
  }
}

const momentumWarning = 'TracInCP weighs checkpoints by the learning rate, as if steps were taken without momentum: ' +
  'with momentum its scores are a heuristic'

async function * train (trial: TrialState): AsyncGenerator<RunEvent, Network> {
  const { spec: { optimizer, epochs, batchSize }, phase, random } = trial
  const key = phase === 'clean' ? 0 : 1
  const learner = trial.openLearner({
    ...trial.examples(),
    architecture: trial.architecture,
    batchSize,
    epochs,
    optimizer: { type: 'sgd', momentum: optimizer.momentum },
    init: random('init', key),
    order: epoch => random('order', key, epoch).permutation(trial.train.count),
    rate: (epoch, within) => rateAt(optimizer.schedule, optimizer.learningRate, epoch, within, epochs),
    metrics: (loss, learningRate): Record<string, number> =>
      phase === 'clean' ? { cleanBatchLoss: loss } : { batchLoss: loss, learningRate },
    onStep: () => [...trial.progress.add(1), ...observe(trial, learner)],
    stages: [epoch => measure(trial, learner, epoch), epoch => scoreAllLayers(trial, learner, epoch)]
  })
  if (phase === 'noisy') trial.openProbe()
  if (!trial.known.isAnnounced) {
    yield announce(trial)
    if (phase === 'noisy' && optimizer.momentum > 0) yield { type: 'log', level: 'warn', text: momentumWarning }
    trial.known.isAnnounced = true
    yield * observe(trial, learner)
  }
  yield * learner.run()
  return learner.network
}

function announce ({ phase, architecture, preprocessing, train, flipped, labels }: TrialState): RunEvent {
  const relabelled = phase === 'clean'
    ? { indices: [], labels: [] }
    : { indices: Array.from(flipped), labels: Array.from(flipped, index => labels[index]!) }
  return {
    type: 'model',
    name: modelNames[phase],
    network: architecture,
    preprocessing,
    trainingView: { data: 'data', split: 'train', count: train.count, dropped: [], relabelled }
  }
}

function hardest (trial: TrialState, clean: Network): Int32Array {
  const { engine, flipped, train, dataset } = trial
  const { probabilities } = evaluate(engine, clean, { ...trial.examples(), indices: flipped, probabilities: true })
  const possible = possibleLabels(dataset.train.labels, dataset.classes)
  return relabel(trial, hardestLabels(flipped, train.labels, probabilities!, dataset.classes, possible))
}

function conclude (trial: TrialState): TracinResult {
  const { spec, train, test, dataset, flipped, labels, scores, known, verdicts } = trial
  const scored: Scored = {
    trueLabels: train.labels,
    labels,
    flipped,
    last: spec.selfInfluence.includes('last') ? scores.last : undefined,
    all: spec.selfInfluence.includes('all') ? scores.all : undefined,
    losses: verdicts!.losses,
    predictions: verdicts!.predictions,
    random: trial.random('random order').permutation(train.count)
  }
  const { trainGiven, trainTrue, memorised } = judgePredictions(scored)
  return {
    trainExamples: train.count,
    testExamples: test.count,
    parameters: parameterCount(trial.architecture),
    checkpoints: known.checkpoints,
    accuracy: { trainGiven, trainTrue, test: known.test, cleanTest: known.cleanTest },
    memorised,
    flipped: Array.from(flipped),
    methods: compareMethods(scored),
    ...concentrate(scored),
    histogram: countByScore(scored),
    ranking: rankExamples(scored),
    ...(isPicture(dataset.inputShape) ? { contactSheet: known.checkpoints.at(-1)!.step } : {}),
    classNames: dataset.labelNames,
    ...(trial.probe ? { frequencyProbe: trial.probe.conclude() } : {})
  }
}

/** The first of the ranking as pictures, where they can be seen. */
function * showRanking ({ train, dataset, preprocessing }: TrialState, result: TracinResult, seed: number): Generator<RunEvent, void> {
  if (result.contactSheet === undefined) return
  const pictures = result.ranking.slice(0, sheetLength)
    .map(({ index }) => drawExample(train, index, dataset.inputShape, preprocessing))
  const bytes = drawContactSheet(result, pictures, seed)
  yield { type: 'artifact', name: sheetName, step: result.contactSheet, mediaType: 'image/svg+xml', bytes }
}
