import assert from 'node:assert/strict'
import test from 'node:test'
import { createImageProbe } from '../../../../src/algorithms/kit/spectrum/image.js'
import { near, uniform } from './helpers.js'

function wave (height: number, width: number, down: number, across: number): Float64Array {
  return Float64Array.from({ length: height * width }, (_, i) =>
    Math.cos(2 * Math.PI * (down * Math.floor(i / width) / height + across * (i % width) / width)))
}

test('createImageProbe: a plane wave lies in the ring of its radius, whatever its direction', () => {
  for (const [down, across] of [[2, 3], [3, -2], [0, 4]] as const) {
    const { bands } = createImageProbe(wave(16, 16, down, across), { height: 16, width: 16, bands: 9, error: 'complex' })
    assert.deepEqual(bands.map(({ key, frequency }) => [key, frequency]), [['4', 4]]) // sqrt(13) = 3.6
    near(bands[0]!.amplitude, Math.SQRT1_2, 1e-12)
  }
})

test('createImageProbe: radii are grouped evenly, the corners belong to the last band', () => {
  const picture = wave(16, 16, 0, 1).map((value, i) => value + wave(16, 16, 0, 3)[i]! + wave(16, 16, 7, 7)[i]!)
  const { bands } = createImageProbe(picture, { height: 16, width: 16, bands: 3, error: 'complex' })
  assert.deepEqual(bands.map(({ key, frequency }) => [key, frequency]), [['0-2', 1], ['3-5', 4], ['6-8', 7]])
})

test('createImageProbe: the squares of the amplitudes sum to the mean square of the picture, also of a rectangle', () => {
  const picture = uniform(9 * 14, 'picture')
  const { bands, spectrum } = createImageProbe(picture, { height: 9, width: 14, bands: 4, error: 'complex' })
  const meanSquare = picture.reduce((sum, value) => sum + value ** 2, 0) / picture.length
  near(bands.reduce((sum, { amplitude }) => sum + amplitude ** 2, 0), meanSquare, 1e-12)
  near(spectrum(picture).reduce((sum, { fit }) => sum + fit ** 2, 0), meanSquare, 1e-12)
})

for (const error of ['complex', 'magnitude'] as const) {
  test(`createImageProbe: the ${error} error is that of the definition, summed bin by bin`, () => {
    const [height, width] = [6, 9]
    const target = uniform(54, 'target')
    const fit = uniform(54, 'fit')
    const bin = (picture: Float64Array, u: number, v: number) => {
      const angles = Float64Array.from(picture, (_, i) => -2 * Math.PI * (u * Math.floor(i / width) / height + v * (i % width) / width))
      return [Math.cos, Math.sin].map(wave => picture.reduce((sum, value, i) => sum + value * wave(angles[i]!), 0)) as [number, number]
    }
    const difference = [0, 0]
    const size = [0, 0]
    for (let u = -2; u <= 3; u++) {
      for (let v = -4; v <= 4; v++) {
        const band = Math.round(Math.hypot(u, v)) < 2 ? 0 : 1 // radii 0 1 | 2 3
        const [a, b] = bin(target, u, v)
        const [c, d] = bin(fit, u, v)
        size[band]! += a * a + b * b
        difference[band]! += error === 'complex' ? (a - c) ** 2 + (b - d) ** 2 : (Math.hypot(a, b) - Math.hypot(c, d)) ** 2
      }
    }
    const errors = createImageProbe(target, { height, width, bands: 2, error }).measure(fit)
    const offset = error === 'complex' ? 0 : 1e-5
    for (const band of [0, 1]) near(errors[band]!, Math.sqrt(difference[band]!) / (Math.sqrt(size[band]!) + offset), 1e-12)
  })
}

test('createImageProbe: refuses more bands than radii, and a black picture', () => {
  const options = { height: 8, width: 12, bands: 6, error: 'complex' } as const
  assert.throws(() => createImageProbe(uniform(96, 'picture'), options), /bands must be from 1 to 5 on 8 x 12, got 6/)
  assert.throws(() => createImageProbe(new Float64Array(96), { ...options, bands: 5 }), { code: 'unmeasurable' })
})
