/** By which method a model answers, what its checkpoints count, and what an answer owns up to. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { AppError } from '../../src/errors.js'
import type { ModelBundle, ModelCheckpoint } from '../../src/influence/bundle.js'
import { weigh } from '../../src/influence/weighing.js'
import type { Architecture, Layer } from '../../src/tensor/architecture.js'

const softmax: Layer[] = [{ type: 'dense', units: 3, activation: 'linear' }]

function makeBundle (changes: Partial<ModelBundle> = {}, layers: Layer[] = softmax): ModelBundle {
  const architecture: Architecture = { inputShape: [4], layers }
  return {
    modelId: 'm',
    architecture,
    preprocessing: { offset: 0, scale: 1 },
    fields: { inputs: { type: 'features', shape: [4], dtype: 'float32' } },
    trainingView: undefined,
    dataset: undefined,
    descent: { type: 'sgd', momentum: 0 },
    checkpoints: [at(10, { from: 0, to: 10, weight: 0.5 }), at(20, { from: 10, to: 20, weight: 0.25 })],
    parts: [],
    ...changes
  }
}

function at (step: number, interval?: ModelCheckpoint['interval'], counted = true): ModelCheckpoint {
  return { step, learningRate: 0.1, interval, counted, arrays: {} }
}

const sgd = (momentum: number) => ({ type: 'sgd' as const, momentum })

function refused (bundle: ModelBundle, request: Parameters<typeof weigh>[1], detail: RegExp): void {
  assert.throws(() => weigh(bundle, request), (error: unknown) => error instanceof AppError && error.code === 'invalid_input' && detail.test(error.message))
}

test('weigh: intervals where they are stored, the paper’s rates where they are asked for', () => {
  const { method, weights, values, unit, notes } = weigh(makeBundle(), {})
  assert.deepEqual([method, weights, values, notes], ['tracin-cp', 'interval', [0.5, 0.25], ['First order in the learning rate, with the gradients of a whole interval taken at its checkpoint']])
  assert.match(unit, /^change of the loss/)
  const byRate = weigh(makeBundle(), { weights: 'rate' })
  assert.deepEqual([byRate.weights, byRate.values], ['rate', [0.1, 0.1]])
  assert.match(byRate.unit, /no change of the loss/)
  assert.match(byRate.notes.join(), /unequal distances count unequal parts/)
})

test('weigh: what is stored without counting is in no sum that names no checkpoints, and has no interval to count by', () => {
  const checkpoints = [at(0, { from: 0, to: 10, weight: 0.5 }), at(10, { from: 10, to: 20, weight: 0.25 }), at(30, undefined, false)]
  const bundle = makeBundle({ checkpoints })
  const whole = weigh(bundle, {})
  assert.deepEqual(whole.checkpoints.map(({ step }) => step), [0, 10])
  assert.ok(whole.notes.includes('10 of the 30 steps of the training are in no interval of these checkpoints'))
  assert.deepEqual(weigh(bundle, { checkpoints: [10, 30] }).weights, 'rate')
  assert.ok(weigh(bundle, { checkpoints: [10] }).notes.includes('1 of the 2 checkpoints that count are left out'))
  refused(bundle, { checkpoints: [10, 30], weights: 'interval' }, /weights must be rate or left out for checkpoints 30/)
  const only = makeBundle({ checkpoints: [at(30, undefined, false)] })
  assert.deepEqual(weigh(only, {}).values, [0.1], 'nothing counts yet: the only one there is answers')
})

test('weigh: momentum is in the weights of intervals, and missed by those of rates, by up to 1/(1 - mu)', () => {
  const bundle = makeBundle({ descent: sgd(0.9) })
  assert.match(weigh(bundle, {}).notes.join(), /Momentum 0\.9: a gradient goes on moving/)
  assert.match(weigh(bundle, { weights: 'rate' }).notes.join(), /Momentum 0\.9 is left out: steps went up to 10 times as far/)
})

test('weigh: a model that no derivation fits answers by products without weights, and says so', () => {
  const bundle = makeBundle({ descent: { type: 'other', name: 'CG' }, checkpoints: [at(10), at(20)] })
  const { method, weights, values, notes } = weigh(bundle, {})
  assert.deepEqual([method, weights, values], ['gradient-product', 'none', [1, 1]])
  assert.match(notes[0]!, /no weights follow from CG/)
  refused(bundle, { method: 'tracin-cp' }, /method must be gradient-product or left out for a model that CG moved/)
  refused(bundle, { weights: 'rate' }, /weights must be left out for gradient-product/)
  assert.deepEqual(weigh(makeBundle(), { method: 'gradient-product' }).values, [1, 1], 'of any model it can be asked')
  assert.match(weigh(makeBundle({ descent: { type: 'other' } }), {}).notes[0]!, /a method that its kind does not tell/)
})

test('weigh: a model of before answers by its rates, as it did, and says what is not known', () => {
  const bundle = makeBundle({ checkpoints: [{ step: 10, learningRate: 0.3, arrays: {} }], descent: undefined })
  const { method, weights, values, notes } = weigh(bundle, {})
  assert.deepEqual([method, weights, values], ['tracin-cp', 'rate', [0.3]])
  assert.match(notes.join(), /of before it was stored how weights are moved/)
  refused(bundle, { weights: 'interval' }, /weights must be rate or left out for this model/)
})

test('weigh: notes name what the network and its training have beside the formula', () => {
  const layers: Layer[] = [
    { type: 'dense', units: 5, activation: 'relu' }, { type: 'batch-norm' } as Layer, { type: 'dropout', rate: 0.5 } as Layer, ...softmax
  ]
  const trainingView = { datasetId: 'd', split: 'train' as const, count: 9, dropped: [], relabelled: { indices: [1, 2], labels: [0, 1] } }
  const bundle = makeBundle({ descent: { ...sgd(0), beside: ['weight decay 0.001'] }, trainingView }, layers)
  const notesOf = (asked: 'last' | 'all') => weigh(bundle, { layers: asked }).notes.join('\n')
  for (const said of [/Parameters of the last layer alone/, /Batch normalization/, /dropout/, /Not covered: weight decay 0\.001/, /^2 training examples are taken with the label that the model was trained with/m]) {
    assert.match(notesOf('last'), said)
  }
  assert.doesNotMatch(notesOf('all'), /last layer alone/)
  assert.doesNotMatch(weigh(makeBundle(), {}).notes.join(), /last layer alone/, 'a network of one layer has no others')
})
