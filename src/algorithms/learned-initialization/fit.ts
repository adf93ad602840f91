/** Trains the network of an initialiser, by Adam at a rate that falls to 0 as half a cosine, and stores it. */
import type { Engine } from '../../tensor/engine.js'
import type { RunEvent } from '../contract.js'
import { adamConstants } from '../kit/descent.js'
import type { Learner } from '../kit/learner.js'
import { rateAt } from '../kit/schedule.js'
import type { Details } from './initialisers/details.js'
import type { Predictor } from './initialisers/initialiser.js'
import { architectureOf, fieldsOf, isTrained, type Trained } from './learning/architecture.js'
import { lessonOf, orderOf, type Lesson } from './learning/lesson.js'
import { createPredictor } from './learning/predictor.js'
import type { TrialState } from './trial-state.js'

/** Name of the stored model. */
export const modelName = 'initialiser'

/** A trained network, and what was seen of values while it was. */
export interface Fitted extends Pick<Lesson, 'deviation' | 'seen'> { predictor: Predictor }

/** Trains, or takes up where it was. @returns none for an initialiser without a network, or when starts are known already */
export async function * fit (trial: TrialState): AsyncGenerator<RunEvent, Fitted | undefined> {
  const { initialiser, family, known, kept, context } = trial
  if (!isTrained(initialiser) || kept.starts) return undefined
  const engine = await context.engine()
  const lesson = lessonOf(initialiser, family, trial.solutions!)
  const learner = learn(trial, engine, { initialiser, lesson })
  yield * learner.run()
  known.trainingSteps = learner.steps()
  if (!known.isStored) yield * store(trial, learner, { initialiser, lesson })
  known.isStored = true
  yield trial.boundary()
  return { predictor: createPredictor(engine, learner.network), deviation: lesson.deviation, seen: lesson.seen }
}

interface Learning { initialiser: Trained, lesson: Lesson }

function learn (trial: TrialState, engine: Engine, { initialiser, lesson }: Learning): Learner {
  const { family, work, progress, context: { random } } = trial
  const { epochs, batchSize, learningRate } = initialiser
  return trial.openLearner(engine, {
    ...lesson.examples,
    architecture: architectureOf(initialiser, family),
    loss: lesson.loss,
    batchSize: batchSize * lesson.rows,
    epochs,
    optimizer: { type: 'adam', ...adamConstants },
    init: random('init'),
    order: epoch => orderOf(lesson, random('order', epoch)),
    rate: (epoch, within) => rateAt({ type: 'cosine', final: 0 }, learningRate, epoch, within, epochs),
    metrics: (loss, learningRate) => ({ loss, learningRate }),
    onStep: () => progress.add(work.trainingStep),
    stages: [noStage]
  })
}

/** Nothing follows an epoch but a place from which the run can go on. */
async function * noStage (): AsyncGenerator<RunEvent, void> {}

function * store ({ spec, family }: TrialState, learner: Learner, { initialiser, lesson: { seen } }: Learning): Generator<RunEvent, void> {
  const details: Details = { family: spec.family, solver: spec.solver, initialiser, ...(seen ? { seen } : {}) }
  yield {
    type: 'model',
    name: modelName,
    network: learner.network.architecture,
    preprocessing: { offset: 0, scale: 1 },
    fields: fieldsOf(initialiser, family),
    details: { ...details }
  }
  yield { type: 'checkpoint', model: modelName, step: learner.steps(), learningRate: learner.rate(), arrays: learner.network.save() }
}
