/**
 * One trial of tracin: the paper's search for mislabelled examples by TracInCP. Next hops: stages.ts measures and scores,
 * lab.ts holds what is known, result.ts concludes.
 */
import { parameterCount } from '../../tensor/architecture.js'
import { evaluate } from '../../tensor/evaluate.js'
import type { Network } from '../../tensor/network.js'
import type { RunContext, RunEvent, TrialDefinition } from '../contract.js'
import { rateAt } from '../kit/schedule.js'
import { drawExample, isPicture } from '../kit/thumbnail.js'
import { openLab, relabel, type Lab } from './lab.js'
import { hardestLabels, possibleLabels } from './noise.js'
import { compareMethods, concentrate, countByScore, judgePredictions, rankExamples, type Scored } from './result.js'
import type { TracinResult, TracinSpec } from './spec.js'
import { measure, modelNames, observe, scoreAllLayers } from './stages.js'

/** Runs one trial: [a clean model chooses the wrong labels,] a model is trained on what it is told, examples are ranked. */
export async function * run (
  { spec }: TrialDefinition<TracinSpec>, context: RunContext
): AsyncGenerator<RunEvent, TracinResult> {
  const lab = await openLab(spec, context)
  try {
    // 1. hardest: y'(z) = argmax over c != y of P_c(z), P trained on the data set's labels, for a random part of the z
    if (lab.phase === 'clean') {
      const clean = yield * train(lab)
      lab.labels = hardest(lab, clean)
      lab.phase = 'told'
      lab.known.isAnnounced = false
    }
    // 2. train on the labels told; at every checkpoint c: self(z) += eta_c |grad l(w_c, z)|^2
    yield * train(lab)
    // 3. rank by self(z), and count how many wrong labels come first
    return conclude(lab)
  } finally {
    lab.close()
  }
}

const momentumWarning = 'TracInCP weighs checkpoints by the learning rate, as if steps were taken without momentum: ' +
  'with momentum its scores are a heuristic'

async function * train (lab: Lab): AsyncGenerator<RunEvent, Network> {
  const { spec: { optimizer, epochs, batchSize }, phase, random } = lab
  const key = phase === 'clean' ? 0 : 1
  const learner = lab.openLearner({
    ...lab.examples(),
    architecture: lab.architecture,
    batchSize,
    epochs,
    optimizer: { type: 'sgd', momentum: optimizer.momentum },
    init: random('init', key),
    order: epoch => random('order', key, epoch).permutation(lab.train.count),
    rate: (epoch, within) => rateAt(optimizer.schedule, optimizer.learningRate, epoch, within, epochs),
    metrics: (loss, learningRate): Record<string, number> =>
      phase === 'clean' ? { cleanBatchLoss: loss } : { batchLoss: loss, learningRate },
    onStep: () => [...lab.progress.add(1), ...observe(lab, learner)],
    stages: [epoch => measure(lab, learner, epoch), epoch => scoreAllLayers(lab, learner, epoch)]
  })
  if (phase === 'told') lab.openProbe()
  if (!lab.known.isAnnounced) {
    yield announce(lab)
    if (phase === 'told' && optimizer.momentum > 0) yield { type: 'log', level: 'warn', text: momentumWarning }
    lab.known.isAnnounced = true
    yield * observe(lab, learner)
  }
  yield * learner.run()
  return learner.network
}

function announce ({ phase, architecture, preprocessing, train, flipped, labels }: Lab): RunEvent {
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

function hardest (lab: Lab, clean: Network): Int32Array {
  const { engine, flipped, train, dataset } = lab
  const { probabilities } = evaluate(engine, clean, { ...lab.examples(), indices: flipped, probabilities: true })
  const possible = possibleLabels(dataset.train.labels, dataset.classes)
  return relabel(lab, hardestLabels(flipped, train.labels, probabilities!, dataset.classes, possible))
}

function conclude (lab: Lab): TracinResult {
  const { spec, train, test, dataset, flipped, labels, scores, known, verdicts, preprocessing } = lab
  const scored: Scored = {
    trueLabels: train.labels,
    labels,
    flipped,
    last: spec.selfInfluence.includes('last') ? scores.last : undefined,
    all: spec.selfInfluence.includes('all') ? scores.all : undefined,
    losses: verdicts!.losses,
    predictions: verdicts!.predictions,
    random: lab.random('random order').permutation(train.count)
  }
  const { trainGiven, trainTrue, memorised } = judgePredictions(scored)
  const picture = (index: number) => drawExample(train, index, dataset.inputShape, preprocessing)
  return {
    trainExamples: train.count,
    testExamples: test.count,
    parameters: parameterCount(lab.architecture),
    checkpoints: known.checkpoints,
    accuracy: { trainGiven, trainTrue, test: known.test, cleanTest: known.cleanTest },
    memorised,
    flipped: Array.from(flipped),
    methods: compareMethods(scored),
    ...concentrate(scored),
    histogram: countByScore(scored),
    ranking: rankExamples(scored, isPicture(dataset.inputShape) ? picture : undefined),
    classNames: dataset.labelNames,
    ...(lab.probe ? { frequencyProbe: lab.probe.conclude() } : {})
  }
}
