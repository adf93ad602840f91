/**
 * One trial of tracin: the paper's search for mislabelled examples by TracInCP. Next hops: stages.ts measures and scores,
 * trial-state.ts holds what is known, result.ts concludes.
 */
import type { Labels } from '../../datasets/labelled.js'
import { parameterCount } from '../../tensor/architecture.js'
import { evaluate } from '../../tensor/evaluate.js'
import type { Network } from '../../tensor/network.js'
import type { RunContext, RunEvent, TrialDefinition } from '../contract.js'
import { descentOf } from '../kit/descent.js'
import { inParts } from '../kit/passes.js'
import { classesOf, openTrial, relabel, type TrialState } from './trial-state.js'
import { hardestLabels, possibleLabels } from './noise.js'
import { compareMethods, concentrate, countByScore, judgeAccuracy, judgeErrors, judgeMemory, type Scored } from './result.js'
import { explain } from './explained/influences.js'
import { showExplained } from './explained/show.js'
import { orderKept } from './retrain/edits.js'
import { chooseExplained, chooseSheet } from './show-example.js'
import type { TracinResult, TracinSpec } from './spec.js'
import { triage } from './triage/index.js'
import { showSuspects } from './triage/show.js'
import { measure, modelNames, observe, scoreAllLayers } from './stages.js'
import { rateOf, warningOf } from './weights.js'

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
    // 2. train on the training labels; at every checkpoint c: self(z) += a_c |grad l(w_c, z)|^2
    yield * train(trial)
    // 3. rank by self(z), and count how many wrong labels come first
    const result = yield * inParts(conclude(trial), trial.boundary)
    yield * showSuspects(trial, result, seed)
    yield * showExplained(trial, result, seed)
    return result
  } finally {
    trial.close()
  }
}

async function * train (trial: TrialState): AsyncGenerator<RunEvent, Network> {
  const { spec: { epochs, batchSize }, phase, random } = trial
  const key = phase === 'clean' ? 0 : 1
  const warning = warningOf(trial.spec)
  const learner = trial.openLearner({
    ...trial.examples(),
    architecture: trial.architecture,
    batchSize,
    epochs,
    optimizer: descentOf(trial.spec.optimizer),
    init: random('init', key),
    order: epoch => orderKept(random('order', key, epoch).permutation(trial.edited.count), trial.edited.positions),
    rate: rateOf(trial.spec),
    metrics: (loss, learningRate): Record<string, number> =>
      phase === 'clean' ? { cleanBatchLoss: loss } : { batchLoss: loss, learningRate },
    onStep: () => [...trial.progress.add(1), ...observe(trial, learner)],
    stages: [epoch => measure(trial, learner, epoch), epoch => scoreAllLayers(trial, learner, epoch)]
  })
  if (phase === 'noisy') trial.openProbe()
  if (!trial.known.isAnnounced) {
    yield announce(trial)
    if (phase === 'noisy' && warning !== undefined) yield { type: 'log', level: 'warn', text: warning }
    trial.known.isAnnounced = true
    yield * observe(trial, learner)
  }
  yield * learner.run()
  return learner.network
}

function announce (trial: TrialState): RunEvent {
  const { spec, phase, architecture, preprocessing, train, flipped, labels, edited: { dropped, positions } } = trial
  const width = labels.length / train.count
  const rowOf = (index: number) => Array.from(labels.subarray(index * width, (index + 1) * width))
  const relabelled = phase === 'clean'
    ? { indices: [], labels: [] }
    : { indices: Array.from(flipped, place => positions?.[place] ?? place), labels: Array.from(flipped).flatMap(rowOf) }
  return {
    type: 'model',
    name: modelNames[phase],
    network: architecture,
    preprocessing,
    descent: descentOf(spec.optimizer),
    trainingView: { data: 'data', split: 'train', count: train.count, dropped, relabelled }
  }
}

function hardest (trial: TrialState, clean: Network): Labels {
  const { engine, flipped, train, dataset } = trial
  const { probabilities } = evaluate(engine, clean, { ...trial.examples(), indices: flipped, probabilities: true })
  const classes = classesOf(dataset)
  const possible = possibleLabels(dataset.train.labels, classes)
  return relabel(trial, hardestLabels(flipped, train.labels as Int32Array, probabilities!, classes, possible))
}

function * conclude (trial: TrialState): Generator<void, TracinResult> {
  const { spec, train, test, dataset, flipped, labels, scores, known, verdicts } = trial
  const { target } = dataset
  const scored: Scored = {
    trueLabels: train.labels,
    labels,
    flipped,
    last: spec.selfInfluence.includes('last') ? scores.last : undefined,
    all: spec.selfInfluence.includes('all') ? scores.all : undefined,
    losses: verdicts!.losses,
    baselines: trial.baselines.scores(verdicts!.losses),
    predictions: verdicts!.predictions,
    random: trial.random('random order').permutation(train.count)
  }
  const sheets = chooseSheet(dataset, trial.words, known.checkpoints.at(-1)!.step)
  return {
    trainExamples: train.count,
    testExamples: test.count,
    parameters: parameterCount(trial.architecture),
    checkpoints: known.checkpoints,
    labelNoise: trial.noise,
    ...(target.type === 'classes'
      ? { accuracy: { ...judgeAccuracy(scored), test: known.test, cleanTest: known.cleanTest } }
      : { accuracy: null, errors: judgeErrors(scored, target.columns, known.testErrors!, test.labels) }),
    memorised: judgeMemory(scored),
    methods: compareMethods(scored),
    ...(trial.baselines.end ? { leftOut: trial.baselines.end.leftOut } : {}),
    ...concentrate(scored, trial.random('tenths by chance')),
    histogram: countByScore(scored),
    ...(yield * triage({ trial, scored, sheet: sheets.contactSheet ?? sheets.rankingSheet })),
    ...sheets,
    explained: explain({
      ...trial.explained,
      predictions: known.explained!,
      testLabels: test.labels,
      labels,
      trueLabels: train.labels,
      positions: trial.edited.positions
    }),
    ...(trial.explained.tests.length > 0 ? chooseExplained(sheets) : {}),
    classNames: target.type === 'classes' ? target.names : [],
    ...(trial.probe ? { frequencyProbe: trial.probe.conclude() } : {})
  }
}
