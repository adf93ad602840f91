/**
 * The weights that a trial stores on its way, with what it learned from then: influence sums over them. What each counts:
 * kit/checkpoints.ts.
 */
import type { Descent, NamedView, RunEvent } from '../contract.js'
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
export const modelName = 'trained'

/** Stores the weights after an epoch, where the spec has a checkpoint there, and after the last one. */
export async function * store (trial: TrialState, learner: Learner, epoch: number): AsyncGenerator<RunEvent, void> {
  const { spec, rate, examples: { data: { count } } } = trial
  const epochs = epochsOf(spec)
  if (!checkpointEpochs(spec.checkpoints, epochs).includes(epoch)) return
  const perEpoch = Math.ceil(count / Math.min(spec.batchSize, count))
  const weighed = weighCheckpoints(spec.checkpoints, { epochs, perEpoch, examples: count, descent: descentOf(spec.optimizer), rate })
  const counted = weighed.find(one => one.epoch === epoch)
  const [moments, targets] = [learner.moments(), targetsOf(trial)]
  yield {
    type: 'checkpoint',
    model: modelName,
    step: learner.steps(),
    learningRate: counted?.learningRate ?? learner.rate(),
    arrays: learner.network.save(),
    counted: counted !== undefined,
    ...(counted ? { interval: counted.interval } : {}),
    ...(moments ? { moments } : {}),
    ...(targets ? { targets } : {})
  }
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
export function viewOf ({ spec: { scribbles }, method, examples: { data: { count } } }: TrialState, seed: number): NamedView {
  const view: NamedView = { data: 'data', split: 'train', count, dropped: [], relabelled: { indices: [], labels: [] } }
  if (method.type === 'full') return view
  return {
    ...view,
    learned: scribbles.type === 'stored' ? { type: 'field', field: 'scribbles' } : { type: 'scribbles', seed, ...strokesOf(scribbles) },
    ...(method.type === 'adm' || method.type === 'proposals' ? { labelling: { weight: method.gamma } } : {})
  }
}

/** How the weights are moved, and what of it gradients of the view's pictures are without. */
export function movedBy ({ spec: { optimizer, flip }, method }: TrialState): Descent {
  const beside = [...besideOf(method), ...(flip ? ['pictures mirrored at random'] : [])]
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
