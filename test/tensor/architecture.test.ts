import assert from 'node:assert/strict'
import test from 'node:test'
import { AppError } from '../../src/errors.js'
import { forwardFlops, outputShapes, parameterCount, parameterShapes, type Architecture, type Layer } from '../../src/tensor/architecture.js'
import { cnn } from './helpers.js'

const output: Layer = { type: 'dense', units: 10, activation: 'linear' }

function refusal (architecture: Architecture): { path: string, message: string } {
  try {
    outputShapes(architecture)
  } catch (error) {
    assert.ok(error instanceof AppError)
    assert.equal(error.code, 'invalid_spec')
    return { path: error.extra.errors![0]!.path, message: error.detail }
  }
  throw new Error('it was not refused')
}

test('outputShapes: follows paddings, strides and rests through every kind of layer', () => {
  assert.deepEqual(outputShapes(cnn), [[9, 8, 5], [4, 4, 5], [2, 2, 6], [1, 1, 4], [4], [7], [3]])
})

test('parameterShapes: names arrays by the position of their layer', () => {
  assert.deepEqual(parameterShapes(cnn).map(({ name, shape }) => `${name} ${shape}`), [
    'layer0.weight 3,3,2,5', 'layer0.bias 5',
    'layer2.weight 2,2,5,6', 'layer2.bias 6',
    'layer3.weight 2,2,6,4', 'layer3.bias 4',
    'layer5.weight 4,7', 'layer5.bias 7',
    'layer6.weight 7,3', 'layer6.bias 3'
  ])
})

test('parameterCount: counts the CNN 32-64-128 as PyTorch does', () => {
  const network: Architecture = {
    inputShape: [28, 28, 1],
    layers: [
      { type: 'conv', filters: 32, kernel: 3, stride: 1, padding: 'same', activation: 'relu' },
      { type: 'max-pool', size: 2 },
      { type: 'conv', filters: 64, kernel: 3, stride: 1, padding: 'same', activation: 'relu' },
      { type: 'max-pool', size: 2 },
      { type: 'flatten' },
      { type: 'dense', units: 128, activation: 'relu' },
      output
    ]
  }
  assert.equal(parameterCount(network), 421_642)
})

test('outputShapes: refuses a dense layer on a picture', () => {
  const { path, message } = refusal({ inputShape: [28, 28, 1], layers: [output] })
  assert.equal(path, 'layers[0]')
  assert.match(message, /must come after a flatten layer, got \[28,28,1\]/)
})

test('outputShapes: refuses a convolution on features', () => {
  const conv: Layer = { type: 'conv', filters: 4, kernel: 3, stride: 1, padding: 'same', activation: 'relu' }
  assert.equal(refusal({ inputShape: [20], layers: [conv, { type: 'flatten' }, output] }).path, 'layers[0]')
})

test('outputShapes: refuses a kernel or a window larger than the picture', () => {
  const conv: Layer = { type: 'conv', filters: 4, kernel: 5, stride: 1, padding: 'valid', activation: 'relu' }
  assert.equal(refusal({ inputShape: [4, 4, 1], layers: [conv, { type: 'flatten' }, output] }).path, 'layers[0]')
  assert.equal(refusal({ inputShape: [4, 4, 1], layers: [{ type: 'max-pool', size: 5 }, { type: 'flatten' }, output] }).path, 'layers[0]')
})

test('outputShapes: refuses a last layer that gives no logits', () => {
  assert.equal(refusal({ inputShape: [4], layers: [{ type: 'dense', units: 3, activation: 'relu' }] }).path, 'layers[0]')
  assert.equal(refusal({ inputShape: [4, 4, 1], layers: [{ type: 'flatten' }] }).path, 'layers[0]')
})

test('outputShapes: refuses an input of two axes', () => {
  assert.equal(refusal({ inputShape: [4, 4], layers: [{ type: 'flatten' }, output] }).path, 'inputShape')
})

test('outputShapes: refuses inputs that are not there, two of one name, a layer without a reader, and shapes that differ', () => {
  const conv = (filters: number, name: string): Layer => ({ type: 'conv', filters, kernel: 3, stride: 1, padding: 'same', activation: 'relu', name })
  const end: Layer[] = [{ type: 'global-average-pool' }, output]
  const path = (...layers: Layer[]) => refusal({ inputShape: [4, 4, 2], layers: [...layers, ...end] }).path
  assert.equal(path(conv(2, 'a'), { type: 'add', inputs: ['a', 'later'] }), 'layers[1].inputs[1]')
  assert.equal(path(conv(2, 'a'), conv(2, 'a')), 'layers[1].name')
  assert.equal(path({ ...conv(2, 'input') }), 'layers[0].name')
  assert.equal(path(conv(2, 'a'), { ...conv(2, 'b'), inputs: ['input'] }), 'layers[0]')
  assert.equal(path(conv(2, 'a'), conv(3, 'b'), { type: 'add', inputs: ['a', 'b'] }), 'layers[2].inputs')
  assert.equal(path(conv(2, 'a'), { type: 'add', inputs: ['a'] }), 'layers[1].inputs')
  assert.equal(path({ ...conv(2, 'a'), stride: 2 } as Layer, { type: 'concat', inputs: ['a', 'input'] }), 'layers[1].inputs')
  assert.equal(path({ type: 'resize-bilinear' }), 'layers[0]')
  assert.equal(path({ ...conv(2, 'a'), stride: 2, dilation: 2 } as Layer), 'layers[0]')
  assert.equal(refusal({ inputShape: [6], layers: [{ type: 'embedding', vocabulary: 4, dimensions: 2, padding: 4 }, output] }).path, 'layers[0].padding')
})

test('forwardFlops: counts two operations per product of a weight', () => {
  const flops = (inputShape: number[], ...layers: Layer[]) => forwardFlops({ inputShape, layers: [...layers, { type: 'flatten' }, output] })
  const window = { kernel: 3, stride: 2, padding: 'same', activation: 'relu' } as const
  const last = (features: number) => 2 * 10 * features
  assert.equal(flops([5, 4, 2], { type: 'conv', filters: 6, ...window }), 2 * (3 * 2 * 6) * 9 * 2 + last(36))
  assert.equal(flops([5, 4, 2], { type: 'depthwise-conv', multiplier: 3, ...window }), 2 * (3 * 2 * 6) * 9 + last(36))
  assert.equal(flops([5, 4, 2], { type: 'conv-transpose', filters: 6, kernel: 4, stride: 2, activation: 'relu' }), 2 * (5 * 4 * 2) * 16 * 6 + last(480))
  assert.equal(flops([7], { type: 'embedding', vocabulary: 9, dimensions: 4 }), 2 * 9 * 4 + last(4))
})
