/**
 * The weights that a trial stores on its way, with what it learned from then: influence sums over them. What each counts:
 * kit/checkpoints.ts.
 */
import type { CheckpointEvent, Descent, NamedView, RunEvent } from '../contract.js'
import type { NamedArrays } from '../../math/arrays.js'
import { UNLABELLED } from '../../datasets/unlabelled.js'
import { checkpointEpochs, weighCheckpoints } from '../kit/checkpoints.js'
import { descentOf } from '../kit/descent.js'
import type { Learner } from '../kit/learner.js'
import { strokesOf } from './data.js'
import type { Pairs } from './methods.js'
import type { TrialState } from './trial-state.js'
import { epochsOf } from './work.js'
import { argmaxOf } from './x-step/x-step.js'

/** Name of the stored model. */
const modelName = 'trained'

/**
 * Stores the weights after an epoch, where the spec has a checkpoint there, and after the last one. Those of the warm-up wait for
 * its end: a model is of one method, the warm-up of all.
 */
export async function * store (trial: TrialState, learner: Learner, epoch: number): AsyncGenerator<RunEvent, void> {
  const { spec, rate, examples: { data: { count } } } = trial
  const epochs = epochsOf(spec)
  if (!checkpointEpochs(spec.checkpoints, epochs).includes(epoch)) return
  const perEpoch = Math.ceil(count / Math.min(spec.batchSize, count))
  const weighed = weighCheckpoints(spec.checkpoints, { epochs, perEpoch, examples: count, descent: descentOf(spec.optimizer), rate })
  const counted = weighed.find(one => one.epoch === epoch)
  const [moments, targets] = [learner.moments(), targetsOf(trial)]
  const checkpoint: CheckpointEvent = {
    type: 'checkpoint',
    model: modelName,
    step: learner.steps(),
    learningRate: counted?.learningRate ?? learner.rate(),
    counted: counted !== undefined,
    ...(counted ? { interval: counted.interval } : {}),
    arrays: learner.network.save(),
    ...(moments ? { moments } : {}),
    ...(targets ? { targets } : {})
  }
  if (epoch <= spec.warmup) trial.held.push(checkpoint)
  else yield checkpoint
}

/** Says what model the trial trains, and stores what was held for it. */
export async function * announce (trial: TrialState): AsyncGenerator<RunEvent, void> {
  const { architecture: network, preprocessing, held } = trial
  yield { type: 'model', name: modelName, network, preprocessing, descent: movedBy(trial), trainingView: viewOf(trial) }
  yield * held
  held.length = 0
}

/** X as it was learned last, by its likeliest labels; undefined where there is none yet. */
function targetsOf ({ beside, column, labels, pixels, train: { count } }: TrialState): NamedArrays | undefined {
  if (beside?.name !== 'shares' || !column.some(share => share > 0)) return undefined
  const labelling = argmaxOf(column, labels)
  for (let p = 0; p < labelling.length; p++) {
    if (column[p * labels + labelling[p]!] === 0) labelling[p] = UNLABELLED // of a picture that has no X
  }
  return { labelling: { shape: [count, pixels], data: labelling } }
}

/** What the model saw of the data set. */
function viewOf ({ seed, spec: { scribbles }, method, examples: { data: { count } } }: TrialState): NamedView {
  const view: NamedView = { data: 'data', split: 'train', count, dropped: [], relabelled: { indices: [], labels: [] } }
  if (method.type === 'full') return view
  return {
    ...view,
    learned: scribbles.type === 'stored' ? { type: 'field', field: 'scribbles' } : { type: 'scribbles', seed, ...strokesOf(scribbles) },
    ...(method.type === 'adm' || method.type === 'proposals' ? { labelling: { weight: method.gamma } } : {})
  }
}

/** How the weights are moved, and what of it gradients of the view's pictures are without. */
function movedBy ({ spec: { optimizer, crop, flip }, method, train: { frame } }: TrialState): Descent {
  const cuts = crop !== undefined && crop.some((length, axis) => length < frame[axis]!)
  const beside = [
    ...besideOf(method),
    ...(cuts ? [`windows of ${crop.join(' x ')} at random: whole pictures stand for them`] : []),
    ...(flip ? ['pictures mirrored at random'] : [])
  ]
  return { ...descentOf(optimizer), ...(beside.length > 0 ? { beside } : {}) }
}

function besideOf (method: TrialState['method']): string[] {
  switch (method.type) {
    case 'gd': return [`the relaxation of the ${sayPairs(method.pairs)}, whose gradient has the weight ${method.lambda} beside that of the scribbles`]
    case 'adm': return [
      'how X follows from the network: it is a constant of each checkpoint, that of the last step or pass before it',
      ...(method.pairs.type === 'dense' ? ['the shares of X, the marginals of mean field: its likeliest labels stand for them'] : [])
    ]
    default: return []
  }
}

function sayPairs ({ type }: Pairs): string {
  return type === 'grid' ? 'grid CRF' : 'dense CRF'
}
