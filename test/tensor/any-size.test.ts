/** What binds networks to the size of their pictures, and which sizes their strides meet as in training. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Architecture, Layer } from '../../src/tensor/architecture.js'
import { findSizeBound, shapeAround } from '../../src/tensor/any-size.js'
import { wire } from '../../src/tensor/wiring.js'
import { cnn, mlp } from './helpers.js'
import { layerCases } from './layer-cases.js'

const conv = (more: object = {}): Layer => ({ type: 'conv', filters: 3, kernel: 3, stride: 1, padding: 'same', activation: 'relu', ...more })
const pool = (size: number, more: object = {}): Layer => ({ type: 'max-pool', size, ...more })
const over = (inputShape: number[], ...layers: Layer[]): Architecture => ({ inputShape, layers })

const bound: [string, Architecture, string][] = [
  ['a dense layer', cnn, 'layers[5] (dense) has a weight of [4, 7]'],
  ['a dense layer after one window that sees all of a small picture', over([4, 4, 1], conv({ stride: 16 }), { type: 'flatten' }, { type: 'dense', units: 2, activation: 'linear' }), 'layers[2] (dense) has a weight of [3, 2]'],
  ['edges that fit at one size alone', over([4, 4, 1], conv({ padding: 'valid', name: 'a' }), pool(2, { inputs: ['input'], name: 'b' }), { type: 'concat', inputs: ['a', 'b'] }), 'layers[2].inputs must differ in channels only, the first has shape [4,4,3], got [3,3,1]'],
  ['inputs that are no pictures', mlp, 'it reads no pictures']
]
for (const [what, architecture, words] of bound) {
  test(`findSizeBound: ${what}`, () => { assert.equal(findSizeBound(architecture, architecture.inputShape), words) })
}

/** A network with the sides by which its pictures may differ. */
const free: [string, Architecture, number][] = [
  ['convolutions alone', over([7, 9, 2], conv(), conv({ dilation: 4 }), { type: 'batch-norm', momentum: 0.1, epsilon: 1e-5 }, { type: 'dropout', rate: 0.5 }, conv({ kernel: 1 })), 1],
  ['strides one after the other', over([8, 8, 2], conv({ stride: 2 }), { type: 'depthwise-conv', multiplier: 1, kernel: 3, stride: 3, padding: 'same', activation: 'relu' }, { type: 'resize-bilinear', factor: 6 }), 6],
  ['down and up, twice', over([8, 8, 2], pool(2), conv(), { type: 'conv-transpose', filters: 3, kernel: 4, stride: 2, activation: 'relu' }, { type: 'average-pool', size: 2 }, { type: 'resize-bilinear', factor: 2 }), 2],
  ['branches of a half and a third, at the size of the first', over([10, 14, 1],
    pool(2, { name: 'half' }), pool(3, { inputs: ['input'], name: 'third' }), { type: 'resize-bilinear', inputs: ['third', 'half'], name: 'like' },
    { type: 'concat', inputs: ['half', 'like'] }, pool(2), { type: 'resize-bilinear', factor: 4 }), 12],
  ['a mean over all', over([9, 8, 2], conv(), { type: 'global-average-pool' }, { type: 'dense', units: 2, activation: 'linear' }), 1]
]
for (const [what, architecture, period] of free) {
  test(`shapeAround: ${what}: whole periods from the trained size, the least that hold the picture`, () => {
    const { inputShape } = architecture
    const [height, width, channels] = inputShape as [number, number, number]
    assert.equal(findSizeBound(architecture, inputShape), undefined)
    assert.deepEqual(shapeAround(architecture, inputShape, [height, width]), inputShape)
    for (let more = 1; more <= 2 * period; more++) {
      const whole = Math.ceil(more / period) * period
      assert.deepEqual(shapeAround(architecture, inputShape, [height + more, width + period]), [height + whole, width + period, channels])
    }
    const [low] = shapeAround(architecture, inputShape, [1, 1])
    assert.ok(low! >= 1 && low! <= period && (height - low!) % period === 0)
    assertWhole(architecture)
  })
}

test('shapeAround: after a period every layer has grown by whole pixels, and by as many after the next', () => {
  for (const { inputShape, layers } of Object.values(layerCases)) if (inputShape.length === 3) assertWhole({ inputShape, layers })
})

function assertWhole (architecture: Architecture): void {
  const { inputShape } = architecture
  const [height, width, channels] = inputShape as [number, number, number]
  const period = shapeAround(architecture, inputShape, [height + 1, width])[0]! - height
  const shapes = [0, 1, 2, 3].map(times =>
    wire({ ...architecture, inputShape: [height + times * period, width, channels] }).map(({ shape }) => shape))
  shapes[0]!.forEach(({ length }, layer) => {
    if (length < 3) return
    const grown = [1, 2, 3].map(times => (shapes[times]![layer]![0]! - shapes[0]![layer]![0]!) / times)
    assert.ok(grown[0]! >= 1 && grown.every(pixels => pixels === grown[0]), `layer ${layer}, ${architecture.layers[layer]!.type}, grew by ${grown}`)
  })
}
