/**
 * By which method a question about a stored model is answered, what every checkpoint counts in the sum, and what the
 * formula does not cover. No tensor import.
 *
 * TracInCP follows from the first order of the loss along the steps of a training (Pruthi et al. 2020, section 3): a step
 * w' = w - rate g(z) / b changes the loss of z' by -rate g(z) . g(z') / b. So a sum over checkpoints estimates a change
 * of the loss only where weights are moved by gradients of examples, and each checkpoint counts what the steps of its
 * interval add up to.
 */
import { planOf } from '../tensor/architecture.js'
import { selectCheckpoints, type ModelBundle, type ModelCheckpoint } from './bundle.js'
import { refuse } from './refusals.js'
import type { InfluenceMethod, InfluenceRequest, Layers, Weights } from './schemas.js'

/** The sum that a request asks for. */
export interface Weighing {
  method: InfluenceMethod
  weights: Weights
  checkpoints: ModelCheckpoint[]
  /** what each checkpoint counts, in their order */
  values: number[]
  /** of scores, in words */
  unit: string
  /** in plain words, what the formula does not cover */
  notes: string[]
}

type Asked = Pick<InfluenceRequest, 'method' | 'weights' | 'checkpoints'>

/**
 * Finds the sum: by the model's own method and weights where the request names none.
 * @throws invalid_input where the model has no derivation of the method or no such weights, no_checkpoint
 */
export function weigh (bundle: ModelBundle, { layers = 'last', ...asked }: Asked & { layers?: Layers | undefined }): Weighing {
  const checkpoints = selectCheckpoints(bundle, asked.checkpoints)
  const method = methodOf(bundle, asked.method, checkpoints)
  const weights = weightsOf(asked, method, checkpoints)
  return {
    method,
    weights,
    checkpoints,
    values: checkpoints.map(checkpoint => weightOf(checkpoint, weights)),
    unit: units[weights],
    notes: notesOf(bundle, { method, weights, checkpoints, layers })
  }
}

const units: Record<Weights, string> = {
  interval: 'change of the loss: how much smaller training on the example made it, to first order',
  rate: 'learning rate x product of gradients, summed over checkpoints as in the paper: no change of the loss, and of other models’ scale',
  none: 'product of gradients, summed over checkpoints: no change of the loss, and of other models’ scale'
}

/** The method that a model's descent has a derivation of; models of before are what they were taken for then. */
function methodOf ({ descent }: ModelBundle, asked: InfluenceMethod | undefined, checkpoints: readonly ModelCheckpoint[]): InfluenceMethod {
  const own = ownMethod(descent, checkpoints)
  if (asked !== undefined && asked !== 'gradient-product' && asked !== own) {
    refuse('method', `must be ${own} or left out for a model that ${sayDescent(descent)} moved: ${asked} is not derived for it`, asked)
  }
  return asked ?? own
}

function ownMethod (descent: ModelBundle['descent'], checkpoints: readonly ModelCheckpoint[]): InfluenceMethod {
  if (descent === undefined || descent.type === 'sgd') return 'tracin-cp'
  return descent.type === 'adam' && checkpoints.every(hasMoments) ? 'tracin-cp-adam' : 'gradient-product'
}

/** Whether it has the second moments of Adam's steps, of which there are none before the first. */
function hasMoments ({ step, moments }: ModelCheckpoint): boolean {
  return step > 0 && moments !== undefined
}

function weightsOf ({ weights, checkpoints: named }: Asked, method: InfluenceMethod, checkpoints: readonly ModelCheckpoint[]): Weights {
  if (method === 'gradient-product') {
    if (weights !== undefined) refuse('weights', 'must be left out for gradient-product, in which every checkpoint counts the same', weights)
    return 'none'
  }
  const without = checkpoints.filter(({ interval }) => !interval).map(({ step }) => step)
  if (weights !== 'interval' || without.length === 0) return weights ?? (without.length === 0 ? 'interval' : 'rate')
  const which = named === undefined ? 'this model' : `checkpoints ${without.join(', ')}`
  return refuse('weights', `must be rate or left out for ${which}: no steps of an interval are known there`, weights)
}

function weightOf ({ learningRate, interval }: ModelCheckpoint, weights: Weights): number {
  switch (weights) {
    case 'interval': return interval!.weight
    case 'rate': return learningRate
    case 'none': return 1
  }
}

function notesOf (bundle: ModelBundle, sum: Pick<Weighing, 'method' | 'weights' | 'checkpoints'> & { layers: Layers }): string[] {
  return [...ofMethod(bundle, sum), ...ofDescent(bundle), ...ofSteps(bundle, sum), ...ofNetwork(bundle, sum.layers), ...ofLabels(bundle)]
}

function ofMethod ({ descent }: ModelBundle, { method, weights, checkpoints }: Pick<Weighing, 'method' | 'weights' | 'checkpoints'>): string[] {
  if (method === 'gradient-product') {
    const why = descent?.type === 'sgd' || descent === undefined
      ? 'asked for'
      : descent.type === 'adam' ? sayUnmeasured(checkpoints) : `no weights follow from ${sayDescent(descent)}`
    return [`Products of gradients without weights (${why}): how alike two examples pull at the checkpoints, not what training did`]
  }
  const momentum = descent?.type === 'sgd' ? descent.momentum : 0
  const notes = weights === 'interval'
    ? ['First order in the learning rate, with the gradients of a whole interval taken at its checkpoint']
    : ['Every checkpoint counts the rate in force there, whatever the steps that it stands for: checkpoints at unequal distances count unequal parts of the training alike']
  if (descent === undefined) notes.push('The model is of before it was stored how weights are moved: momentum, Adam and other methods are not seen')
  if (descent?.type === 'adam') {
    notes.push(
      'Gradients are measured as Adam’s steps at the checkpoint do, by 1 / (root of the mean squared gradient + epsilon); that this measure itself follows from the examples is not covered',
      weights === 'interval'
        ? `Adam’s mean gradient (beta1 ${descent.beta1}): a gradient goes on moving the weights after its step, all of which is weighed at the checkpoint of its own interval`
        : 'Adam’s mean gradient, and how its bias is corrected in the first steps, are left out of the weights'
    )
  }
  if (momentum > 0) {
    notes.push(weights === 'interval'
      ? `Momentum ${momentum}: a gradient goes on moving the weights after its step, all of which is weighed at the checkpoint of its own interval`
      : `Momentum ${momentum} is left out: steps went up to ${Number((1 / (1 - momentum)).toPrecision(3))} times as far`)
  }
  return notes
}

function sayUnmeasured (checkpoints: readonly ModelCheckpoint[]): string {
  const without = checkpoints.filter(checkpoint => !hasMoments(checkpoint)).map(({ step }) => step)
  return without.length === 0 ? 'asked for' : `Adam’s second moments are not known at checkpoints ${without.join(', ')}`
}

function ofDescent ({ descent }: ModelBundle): string[] {
  return descent === undefined || descent.type === 'other' ? [] : (descent.beside ?? []).map(what => `Not covered: ${what}`)
}

/** Which steps of the training are in no interval of the sum. */
function ofSteps ({ checkpoints: all }: ModelBundle, { weights, checkpoints }: Pick<Weighing, 'weights' | 'checkpoints'>): string[] {
  const isCounted = ({ counted = true }: ModelCheckpoint) => counted
  const left = all.filter(checkpoint => isCounted(checkpoint) && !checkpoints.includes(checkpoint)).length
  const notes = left === 0 ? [] : [`${left} of the ${all.filter(isCounted).length} checkpoints that count are left out`]
  if (weights !== 'interval') return notes
  const last = Math.max(all.at(-1)!.step, ...all.map(({ interval }) => interval?.to ?? 0))
  const covered = checkpoints.reduce((sum, { interval }) => sum + interval!.to - interval!.from, 0)
  return covered < last ? [...notes, `${last - covered} of the ${last} steps of the training are in no interval of these checkpoints`] : notes
}

function ofNetwork ({ architecture }: ModelBundle, layers: Layers): string[] {
  const planned = planOf(architecture)
  const differs = (how: string) => planned.some(({ kind }) => kind.inTraining === how)
  return [
    ...(layers === 'last' && planned.filter(({ parameters }) => parameters.some(({ role }) => role === 'trainable')).length > 1
      ? ['Parameters of the last layer alone: what moved the layers before it is left out']
      : []),
    ...(differs('statistics of the batch') ? ['Batch normalization: gradients are taken with the statistics kept for reading, training took those of its batches'] : []),
    ...(differs('random numbers') ? ['Random parts of the network (dropout): gradients are taken without them'] : [])
  ]
}

function ofLabels ({ trainingView }: ModelBundle): string[] {
  const { learned, labelling, relabelled: { indices: { length } } = { indices: [] } } = trainingView ?? {}
  return [
    ...(length === 0 ? [] : [`${length} training examples are taken with the label that the model was trained with, which is not the data set’s`]),
    ...(learned === undefined ? [] : [`Training examples are taken with what was learned of them: ${learned.type === 'field' ? learned.field : 'scribbles drawn by the trial’s seed'}`]),
    ...(labelling === undefined ? [] : [`Beside it, with the labelling that the training had made by each checkpoint, weight ${labelling.weight}; before it made one, without`])
  ]
}

function sayDescent (descent: ModelBundle['descent']): string {
  if (descent === undefined) return 'a method that was not stored'
  return descent.type === 'other' ? descent.name ?? 'a method that its kind does not tell' : descent.type
}
