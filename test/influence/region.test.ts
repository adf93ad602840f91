/** Influence on regions of pictures, against central differences of the last layer's weights, and against itself. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Dataset, TrainingView } from '../../src/datasets/dataset.js'
import { UNLABELLED } from '../../src/datasets/unlabelled.js'
import { classPalette, encodeIndexed } from '../../src/figures/indexed-png.js'
import { operations } from '../../src/influence/operations.js'
import type { RegionInfluenceRequest, RegionInfluenceResponse } from '../../src/influence/region/schema.js'
import { createResponder, type ModelBundle } from '../../src/influence/responder.js'
import type { InfluenceResponse, SelfInfluenceResponse } from '../../src/influence/schemas.js'
import { openStream } from '../../src/math/random.js'
import { softmax } from '../../src/math/softmax.js'
import { compileCheck } from '../../src/routes/validation.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { createNetwork } from '../../src/tensor/network.js'
import { openTestEngine } from '../tensor/helpers.js'
import { makeCheckpoints } from './checkpoints.js'

const engine = await openTestEngine()
const { tf } = engine
const responder = createResponder(engine)
after(() => { responder.close() })

const COUNT = 6
const [HEIGHT, WIDTH, CLASSES] = [4, 6, 3]
const SIZE = HEIGHT * WIDTH
const GAMMA = 0.7
/** The last layer with weights is followed by one that draws its outputs up, as in the compact DeepLab. */
const architecture: Architecture = {
  inputShape: [HEIGHT, WIDTH, 2],
  layers: [
    { type: 'conv', filters: 4, kernel: 3, stride: 2, padding: 'same', activation: 'tanh' },
    { type: 'conv', filters: CLASSES, kernel: 1, stride: 1, padding: 'same', activation: 'linear' },
    { type: 'resize-bilinear', factor: 2 }
  ],
  head: { type: 'class-map' }
}
const LAST = ['layer1.weight', 'layer1.bias']

/** Pictures with scribbles, of which the second checkpoint had learned a labelling beside. */
function makeBundle (): ModelBundle & { dataset: Dataset, trainingView: TrainingView } {
  const stream = openStream(3, 'pictures')
  const inputs = Float32Array.from({ length: COUNT * SIZE * 2 }, () => stream.normal())
  const target = Uint8Array.from({ length: COUNT * SIZE }, () => stream.integer(CLASSES))
  const scribbles = target.map(label => stream.uniform() < 0.4 ? label : UNLABELLED)
  const labelling = target.map((_, p) => p < SIZE ? UNLABELLED : stream.integer(CLASSES)) // none of the first picture
  const map = { type: 'classMap' as const, shape: [HEIGHT, WIDTH], names: ['sky', 'road', 'car'] }
  const split = { count: COUNT, arrays: { inputs, target, scribbles } }
  const fields = { inputs: { type: 'image' as const, shape: [HEIGHT, WIDTH, 2], dtype: 'float32' as const }, target: map, scribbles: map }
  const [first, second] = makeCheckpoints(engine, architecture)
  return {
    modelId: 'm',
    architecture,
    preprocessing: { offset: 0, scale: 1 },
    fields: { inputs: fields.inputs, target: map },
    trainingView: {
      datasetId: 'd',
      split: 'train',
      count: COUNT,
      dropped: [],
      relabelled: { indices: [], labels: [] },
      learned: { type: 'field', field: 'scribbles' },
      labelling: { weight: GAMMA }
    },
    dataset: { id: 'd', fields, counts: { train: COUNT, test: COUNT }, train: split, test: split },
    checkpoints: [first!, { ...second!, targets: { labelling: { shape: [COUNT, SIZE], data: labelling } } }],
    parts: []
  }
}

const bundle = makeBundle()
const { train } = bundle.dataset
const mapOf = (maps: ArrayLike<number>, i: number): number[] => Array.from({ length: SIZE }, (_, p) => maps[i * SIZE + p]!)
const steps = []
for (const { step } of bundle.checkpoints) steps.push({ step, arrays: await responder.buildPart(bundle, 'last', step) })
const indexed: typeof bundle = { ...bundle, parts: [{ layers: 'last', steps }] }

async function ask (request: object): Promise<RegionInfluenceResponse> {
  const operation = operations['region-influence']
  const filled = structuredClone(request) as RegionInfluenceRequest
  assert.deepEqual(compileCheck(operation.request)(filled), [])
  const response = await responder.answer(operation, indexed, filled) as RegionInfluenceResponse
  assert.deepEqual(compileCheck(operation.response)(structuredClone(response)), [])
  return response
}

type Logits = Float32Array

/** Logits of all pictures, [picture, pixel, class]; and those a step beside, up and down each number of the last layer. */
function logitsBeside (checkpoint: ModelBundle['checkpoints'][number]): { at: Logits, beside: { up: Logits, down: Logits }[] } {
  const network = createNetwork(engine, architecture, openStream(0, 'unused'))
  const x = tf.tensor(train.arrays.inputs!, [COUNT, HEIGHT, WIDTH, 2])
  const logits = (name?: string, k = 0, h = 0): Float32Array => {
    const arrays = structuredClone(checkpoint.arrays)
    if (name !== undefined) arrays[name]!.data[k]! += h
    network.load(arrays)
    return tf.tidy(() => network.logits<Tensor>(x).dataSync<'float32'>().slice())
  }
  const beside = LAST.flatMap(name => Array.from(checkpoint.arrays[name]!.data.keys(), k =>
    ({ up: logits(name, k, STEP), down: logits(name, k, -STEP) })))
  const at = logits()
  network.dispose()
  x.dispose()
  return { at, beside }
}
const STEP = 2 ** -6

const known = bundle.checkpoints.map(logitsBeside)

/** Cross-entropy of a picture's pixels with a map, summed over some, over a number. */
function lossOf (
  logits: Logits, picture: number, map: readonly number[], { inside = (_: number): boolean => true, over = 0 } = {}
): number {
  const labelled = map.flatMap((label, p) => label === UNLABELLED || !inside(p) ? [] : [p])
  const sum = labelled.reduce((total, p) => {
    const at = (picture * SIZE + p) * CLASSES
    return total - Math.log(softmax(logits.subarray(at, at + CLASSES))[map[p]!]!)
  }, 0)
  return sum / Math.max(1, over === 0 ? labelled.length : over)
}

/** Central differences of a loss by the last layer's numbers at a checkpoint. */
const gradientOf = (c: number, loss: (logits: Float32Array) => number): number[] =>
  known[c]!.beside.map(({ up, down }) => (loss(up) - loss(down)) / (2 * STEP))

const count = (map: readonly number[]): number => map.filter(label => label !== UNLABELLED).length

/** What was learned of a training picture at a checkpoint: of all of it, or of some pixels. */
function learned (c: number, picture: number, inside?: (p: number) => boolean): (logits: Float32Array) => number {
  const scribbles = mapOf(train.arrays.scribbles!, picture)
  const labelling = mapOf(bundle.checkpoints[c]!.targets?.labelling!.data ?? new Uint8Array(COUNT * SIZE).fill(UNLABELLED), picture)
  const some = inside === undefined ? {} : { inside }
  return logits => lossOf(logits, picture, scribbles, { ...some, over: count(scribbles) }) +
    GAMMA * lossOf(logits, picture, labelling, { ...some, over: count(labelling) })
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0)
const scoreOf = (query: (logits: Float32Array) => number, own: (c: number) => (logits: Float32Array) => number): number =>
  bundle.checkpoints.reduce((sum, { learningRate }, c) => sum + learningRate * dot(gradientOf(c, query), gradientOf(c, own(c))), 0)

function assertNear (got: number, wanted: number, tolerance = 2e-3): void {
  assert.ok(Math.abs(got - wanted) < tolerance * (0.01 + Math.abs(wanted)), `${got} for ${wanted}`)
}

const box = { type: 'box', left: 1, top: 1, width: 3, height: 2 }
const inBox = (p: number): boolean => p % WIDTH >= 1 && p % WIDTH < 4 && p >= WIDTH && p < 3 * WIDTH
const query = { split: 'test', index: 2 }
const all = { topK: COUNT }

test('region-influence: scores are products of central differences of the region’s loss and of all that was learned of each picture', async () => {
  const { results: [result], index } = await ask({ queries: [{ ...query, region: box }], ...all })
  const map = mapOf(train.arrays.target!, 2)
  const loss = (logits: Float32Array) => lossOf(logits, 2, map, { inside: inBox })
  assert.equal(result!.proponents.length, COUNT)
  for (const { index, score } of result!.proponents) assertNear(score, scoreOf(loss, c => learned(c, index)))
  assert.deepEqual(result!.region.box, { left: 1, top: 1, width: 3, height: 2 })
  assert.deepEqual([result!.region.pixels, result!.region.labelled, result!.labelFrom], [6, 6, 'dataset'])
  assertNear(result!.region.loss, loss(known[1]!.at), 1e-5)
  assert.deepEqual(index.coverage, [{ layer: 1, type: 'conv', parameters: ['weight', 'bias'] }])
  for (const words of [/^Training examples are taken with what was learned of them: scribbles$/, /labelling .* weight 0\.7/]) {
    assert.ok(index.notes.some(note => words.test(note)))
  }
})

test('region-influence: of a whole picture it is influence by the last layer, and of a training picture its own self-influence', async () => {
  const asked = [query, { split: 'train', index: 4, target: mapOf(train.arrays.target!, 4) }]
  const { results } = await ask({ queries: asked, ...all })
  const whole = await responder.answer(operations.influence, indexed, { queries: asked, layers: 'last', topK: COUNT }) as InfluenceResponse
  whole.results.forEach(({ proponents }, q) => {
    assert.deepEqual(results[q]!.proponents.map(({ index }) => index), proponents.map(({ index }) => index))
    const sharesOf = (some: readonly { shares: number[] }[]) => some.flatMap(({ shares }) => shares)
    sharesOf(proponents).forEach((share, i) => { assertNear(sharesOf(results[q]!.proponents)[i]!, share, 1e-5) })
  })
  const { items } = await responder.answer(operations['self-influence'], indexed, { layers: 'last', limit: COUNT }) as SelfInfluenceResponse
  for (const { index, score } of items) {
    const squareOf = (c: number) => gradientOf(c, learned(c, index)).reduce((square, value) => square + value ** 2, 0)
    assertNear(score, bundle.checkpoints.reduce((sum, { learningRate }, c) => sum + learningRate * squareOf(c), 0))
  }
})

for (const regions of ['classes', 'components']) {
  test(`region-influence: ${regions} of training pictures add what their pixels do, and together all of it`, async () => {
    const { results: [result] } = await ask({ queries: [{ ...query, region: box }], topK: 2, regions })
    const map = mapOf(train.arrays.target!, 2)
    for (const { index, score, regions: parts, otherRegions } of result!.proponents) {
      assertNear(parts!.reduce((sum, part) => sum + part.score, otherRegions?.score ?? 0), score, 1e-5)
      if (regions !== 'classes') continue
      const labelling = mapOf(bundle.checkpoints[1]!.targets!.labelling!.data, index)
      const known = mapOf(train.arrays.scribbles!, index).map((label, p) => label === UNLABELLED ? labelling[p]! : label)
      for (const { label, labelName, pixels, score } of parts!) {
        assert.deepEqual([labelName, pixels], [['sky', 'road', 'car'][label], known.filter(one => one === label).length])
        const isPart = (p: number) => known[p] === label
        assertNear(score, scoreOf(logits => lossOf(logits, 2, map, { inside: inBox }), c => learned(c, index, isPart)))
      }
    }
  })
}

test('region-influence: parts are the same to the bit whatever was asked with them and before', async () => {
  const asked = [1, 2, 3].map(index => ({ split: 'test', index, region: box }))
  const others = createResponder(engine)
  const options = { topK: 2, regions: 'classes' }
  const fresh = await others.answer(operations['region-influence'], indexed, { queries: [asked[1]], ...options }) as RegionInfluenceResponse
  others.close()
  for (const queries of [asked, asked.toReversed()]) assert.deepEqual((await ask({ queries, ...options })).results[1], fresh.results[0])
})

test('region-influence: of one checkpoint it is that one’s share, and the loss is that of the last', async () => {
  const { results: [both] } = await ask({ queries: [{ ...query, region: box }], ...all })
  const { results: [first] } = await ask({ queries: [{ ...query, region: box }], ...all, checkpoints: [10] })
  const shares = new Map(both!.proponents.map(({ index, shares }) => [index, shares[0]]))
  for (const { index, shares: [share] } of first!.proponents) assert.equal(share, shares.get(index))
  assert.deepEqual(first!.region, both!.region)
})

test('region-influence: a mask, a box and a class that mean the same pixels have one answer', async () => {
  const pixels = Uint8Array.from({ length: SIZE }, (_, p) => Number(inBox(p)) * 7)
  const png = encodeIndexed(pixels, [HEIGHT, WIDTH], classPalette()).toString('base64')
  const target = Array.from(pixels, value => Number(value > 0))
  const asked = [box, { type: 'mask', png }, { type: 'class', label: 1 }].map(region => ({ ...query, target, region }))
  const { results: [first, ...others] } = await ask({ queries: asked, ...all })
  for (const other of others) assert.deepEqual(other, first)
  const read = await responder.answer(operations.predict, indexed, { queries: [query] }) as { results: [{ labels: number[][] }] }
  const label = read.results[0].labels[0]![0]!
  const { results: [predicted] } = await ask({ queries: [{ ...query, region: { type: 'class', label, of: 'prediction' } }] })
  assert.equal(predicted!.region.pixels, read.results[0].labels.flat().filter(one => one === label).length)
})

test('region-influence: what does not fit is refused by its place, its rule and what was got', async () => {
  const at = 'queries[0].region'
  const nothing = encodeIndexed(new Uint8Array(SIZE), [HEIGHT, WIDTH], classPalette()).toString('base64')
  const large = encodeIndexed(new Uint8Array(64).fill(1), [8, 8], classPalette()).toString('base64')
  const road = { ...query, target: Array(SIZE).fill(1) }
  const cases: [object, string][] = [
    [{ ...query, region: { ...box, left: 6 } }, `${at}.left must be < 6, for the picture has 4 rows and 6 columns, got 6`],
    [{ ...query, region: { ...box, height: 4 } }, `${at}.height must be <= 3, for the picture has 4 rows and 6 columns, got 4`],
    [{ ...query, region: { type: 'class', label: 3 } }, `${at}.label must be < 3, the number of classes, got 3`],
    [{ ...road, region: { type: 'class', label: 0 } }, `${at}.label must be a class of the picture’s target, got 0`],
    [{ ...query, region: { type: 'mask', png: large } }, `${at}.png must have the picture’s size, 4 x 6, got "8 x 8"`],
    [{ ...query, region: { type: 'mask', png: nothing } }, `${at}.png must mark a pixel, by a number other than 0, got "none"`],
    [{ ...query, target: Array(SIZE).fill(UNLABELLED), region: box }, `${at} must have a pixel with a label, got "6 without"`]
  ]
  for (const [asked, detail] of cases) await assert.rejects(ask({ queries: [asked] }), { code: 'invalid_input', detail })
  await assert.rejects(ask({ queries: [{ ...query, region: { type: 'mask', png: 'AAAA' } }] }), { code: 'invalid_input', detail: /png must be a PNG that can be read, got/ })
  const unbuilt = responder.answer(operations['region-influence'], bundle, { queries: [{ ...query, region: box }], regions: 'none' })
  await assert.rejects(unbuilt, { code: 'index_missing' })
  const classifier = { ...bundle, architecture: { ...architecture, head: { type: 'classes' as const } } }
  const detail = 'a question about regions must get a network of head class-map, got classes'
  const check = (some: Architecture) => { operations['region-influence'].checkModel!(some) }
  assert.throws(() => { check(classifier.architecture) }, { code: 'invalid_input', detail })
  check(architecture)
  const bent = { ...architecture, layers: architecture.layers.map((layer, i) => i === 1 ? { ...layer, activation: 'tanh' } as typeof layer : layer) }
  assert.throws(() => { check(bent) }, { code: 'invalid_input', detail: /ends with a convolution without activation.*got layers\[1\] of type conv/ })
  const asked: RegionInfluenceRequest = { queries: [{ split: 'test', index: 2, region: { type: 'picture' } }], topK: 101, regions: 'classes' }
  assert.deepEqual(operations['region-influence'].check!(asked).map(({ path }) => path), ['topK'])
})
