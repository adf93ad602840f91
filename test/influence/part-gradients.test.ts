/** Gradients of parts of a picture, which are summed over pixels, against those of the whole picture through the network's own loss. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UNLABELLED } from '../../src/datasets/unlabelled.js'
import { drain } from '../../src/influence/drain.js'
import { lastGradients } from '../../src/influence/last-gradients.js'
import { partGradients, type LearnedMap } from '../../src/influence/region/part-gradients.js'
import { forgetOld, type PartedPicture } from '../../src/influence/region/parted-pictures.js'
import { pixelReader } from '../../src/influence/region/pixels.js'
import { openStream } from '../../src/math/random.js'
import type { Architecture, Layer } from '../../src/tensor/architecture.js'
import { LABELLING, LABELLING_WEIGHT } from '../../src/tensor/losses.js'
import { createNetwork } from '../../src/tensor/network.js'
import { openTestEngine } from '../tensor/helpers.js'

const engine = await openTestEngine()
const [SIDE, PIXELS, CLASSES, GAMMA] = [8, 64, 3, 0.7]
const body: Layer = { type: 'conv', filters: 4, kernel: 3, stride: 2, padding: 'same', activation: 'tanh', name: 'body' }
const whole: Layer = { type: 'conv', filters: 5, kernel: 3, stride: 1, padding: 'same', activation: 'relu', name: 'whole' }
const last = { type: 'conv', filters: CLASSES, kernel: 1, stride: 1, padding: 'same', activation: 'linear' } as const

const networks: Record<string, Layer[]> = {
  'pixels alone': [whole, last],
  'patches, drawn up': [body, { ...last, kernel: 3 }, { type: 'resize-bilinear', factor: 2 }],
  'spread patches without a bias': [whole, { ...last, kernel: 3, dilation: 2, bias: false }],
  'drawn to the size of another layer, then to means': [
    whole, { ...body, inputs: ['whole'] }, { ...last, kernel: 2, name: 'small' },
    { type: 'resize-bilinear', inputs: ['small', 'whole'], name: 'large' }, { type: 'resize-bilinear', factor: 2 }, { type: 'average-pool', size: 2 }
  ]
}

const stream = openStream(5, 'maps')
const inputs = Uint8Array.from({ length: PIXELS * 2 }, () => stream.integer(256))
const map = (share: number) => Uint8Array.from({ length: PIXELS }, () => stream.uniform() < share ? stream.integer(CLASSES) : UNLABELLED)
const [scribbles, labelling] = [map(0.2), map(0.9)]
const count = (labels: Uint8Array) => labels.filter(label => label !== UNLABELLED).length
const mapOf = (labels: Uint8Array, weight: number): LearnedMap => ({ labels, count: count(labels), weight })
const maps = [mapOf(scribbles, 1), mapOf(labelling, GAMMA)]
const preprocessing = { offset: [120, 100], scale: [0.01, 0.02] }
const positions = Array.from({ length: PIXELS }, (_, p) => p)
const parts = [0, 1, 2].map(part => positions.filter(p => p % 3 === part))

for (const [name, layers] of Object.entries(networks)) {
  // Times 40 the network is sure of most pixels, and float32 has no digits of 1 - S.
  for (const sure of [1, 40]) {
    test(`partGradients: parts add up to the gradient of what was learned (${name}, weights times ${sure})`, () => {
      const architecture: Architecture = { inputShape: [SIDE, SIDE, 2], layers, head: { type: 'class-map' } }
      const network = createNetwork(engine, architecture, openStream(7, 'weights'))
      const arrays = network.save()
      for (const name of ['weight', 'bias'].map(name => `layer${layers.findLastIndex(({ type }) => type === 'conv')}.${name}`)) {
        arrays[name]?.data.forEach((value, k, data) => { data[k] = sure * (value + 0.01 * k) })
      }
      network.load(arrays)
      const examples = {
        data: { inputs, count: 1 },
        inputShape: architecture.inputShape,
        preprocessing,
        target: scribbles,
        further: { [LABELLING]: labelling, [LABELLING_WEIGHT]: Float32Array.of(GAMMA) }
      }
      const wanted = drain(lastGradients(engine, network, examples, Int32Array.of(0), 1))
      const pixels = pixelReader(engine, network, preprocessing)(inputs)
      const got = partGradients(pixels, maps, parts)
      assert.equal(got.width, wanted.width)
      const largest = Math.max(...wanted.values.map(Math.abs))
      wanted.values.forEach((value, k) => {
        const sum = parts.reduce((total, _, part) => total + got.values[part * got.width + k]!, 0)
        assert.ok(Math.abs(sum - value) < 2e-5 * largest, `${sum} for ${value} at ${k}`)
      })
      network.dispose()
    })
  }
}

test('forgetOld: the least recently asked for leave until the rest is within the bound', () => {
  const picture = (index: number): PartedPicture =>
    ({ index, parts: [], pixels: [[0, 1], [2]], gradients: new Map([[10, { values: new Float64Array(7), width: 7 }]]) })
  const known = new Map(['a', 'b', 'c'].map((key, index) => [key, picture(index)]))
  forgetOld(known, 30)
  assert.deepEqual([...known.keys()], ['a', 'b', 'c'])
  forgetOld(known, 29)
  assert.deepEqual([...known.keys()], ['b', 'c'])
  forgetOld(known, 0)
  assert.equal(known.size, 0)
})
