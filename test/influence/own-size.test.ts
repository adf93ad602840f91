/** Pictures of other sizes than a model was trained on: against a network in plain Float64, and against parts of the trained size. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { decode } from 'fast-png'
import { encodeImage } from '../../src/figures/image-png.js'
import { classPalette, encodeIndexed } from '../../src/figures/indexed-png.js'
import type { Dataset, TrainingView } from '../../src/datasets/dataset.js'
import type { FieldOf } from '../../src/datasets/description.js'
import { operations } from '../../src/influence/operations.js'
import { createPixelCount, LONGEST_SIDE, MOST_PIXELS } from '../../src/influence/raw-pictures.js'
import { createResponder, type ModelBundle } from '../../src/influence/responder.js'
import type { PredictRequest, PredictResponse } from '../../src/influence/schemas.js'
import { openStream } from '../../src/math/random.js'
import { cutWindow, type Size } from '../../src/math/windows.js'
import { compileCheck } from '../../src/routes/validation.js'
import type { Architecture, Layer } from '../../src/tensor/architecture.js'
import { openTestEngine } from '../tensor/helpers.js'
import { computeReference } from '../tensor/reference-layers.js'
import { makeCheckpoints } from './checkpoints.js'

const engine = await openTestEngine()
const responder = createResponder(engine)
after(() => { responder.close() })

const TRAINED: Size = [36, 40]
const conv = (filters: number, more: object = {}): Layer => ({ type: 'conv', filters, kernel: 3, stride: 1, padding: 'same', activation: 'tanh', ...more })
/** As the compact DeepLab: sizes differ by four pixels, and no output sees more than 15 pixels far. */
const dilated = (channels: number): Architecture => ({
  inputShape: [...TRAINED, channels],
  layers: [
    conv(4, { stride: 2 }), conv(5, { stride: 2 }), { type: 'batch-norm', momentum: 0.1, epsilon: 1e-5 }, conv(5, { dilation: 2 }),
    conv(3, { kernel: 1, activation: 'linear' }), { type: 'resize-bilinear', factor: 4 }
  ],
  head: { type: 'class-map' }
})
const REACH = 1 + 2 + 8 + 4

const drawn = openStream(5, 'pictures')
/** Smooth enough for maps of several classes. */
const drawPicture = ([height, width]: Size, channels: number): Uint8Array => {
  const waves = Array.from({ length: 3 * channels }, () => 0.1 + 0.3 * drawn.uniform())
  return Uint8Array.from({ length: height * width * channels }, (_, i) => {
    const [c, x, y] = [i % channels, Math.floor(i / channels) % width, Math.floor(i / channels / width)]
    return 128 + 90 * Math.sin(x * waves[3 * c]! + y * waves[3 * c + 1]! + 9 * waves[3 * c + 2]!) + drawn.integer(37)
  })
}

/** A trained model of one checkpoint with two pictures, which are its test pictures too. */
function makeBundle (architecture: Architecture, dtype: 'uint8' | 'float32' = 'uint8'): ModelBundle & { dataset: Dataset, trainingView: TrainingView } {
  const shape = architecture.inputShape
  const [height, width, channels] = shape as [number, number, number]
  const inputs = Uint8Array.from([0, 1].flatMap(() => [...drawPicture([height, width], channels)]))
  const image: FieldOf<'image'> = { type: 'image', shape, dtype }
  const target: FieldOf<'classMap'> = { type: 'classMap', shape: [height, width], names: ['sky', 'road', 'car'] }
  const split = { count: 2, arrays: { inputs, target: new Uint8Array(2 * height * width) } }
  const fields = { inputs: image, target }
  return {
    modelId: 'm',
    architecture,
    preprocessing: { offset: 100, scale: 1 / 64 },
    fields,
    trainingView: { datasetId: 'd', split: 'train', count: 2, dropped: [], relabelled: { indices: [], labels: [] } },
    dataset: { id: 'd', fields, counts: { train: 2, test: 2 }, train: split, test: split },
    checkpoints: makeCheckpoints(engine, architecture).slice(-1),
    parts: []
  }
}
const colour = makeBundle(dilated(3))
const grey = makeBundle(dilated(1))

async function ask (bundle: ModelBundle, queries: PredictRequest['queries']): Promise<PredictResponse> {
  const { request, response } = operations.predict
  assert.deepEqual(compileCheck(request)({ queries: structuredClone(queries) }), [])
  const answer = await responder.answer(operations.predict, bundle, { queries }) as PredictResponse
  assert.deepEqual(compileCheck(response)(structuredClone(answer)), [])
  return answer
}

const labelsOf = ({ results }: PredictResponse): number[][][] => results.map(result => result.head === 'class-map' ? result.labels : [])
const labels = async (bundle: ModelBundle, ...queries: PredictRequest['queries']): Promise<number[][][]> => labelsOf(await ask(bundle, queries))

/** [height][width][channels] */
const nest = (values: Uint8Array, [height, width]: Size, channels: number): number[][][] => Array.from({ length: height }, (_, y) =>
  Array.from({ length: width }, (_, x) => [...values.subarray((y * width + x) * channels, (y * width + x + 1) * channels)]))
const toPng = (values: Uint8Array, size: Size, channels: number): string => encodeImage({ shape: [...size, channels], values }).toString('base64')

/** Holds labels against the largest outputs in Float64 of the picture with black at the right and below. */
function assertReference (bundle: ModelBundle, picture: Uint8Array, [height, width]: Size, filled: Size, found: number[][]): void {
  const { offset, scale } = bundle.preprocessing as { offset: number, scale: number }
  const channels = bundle.architecture.inputShape[2]!
  const x = Float64Array.from({ length: filled[0] * filled[1] * channels }, (_, i) => {
    const [c, column, row] = [i % channels, Math.floor(i / channels) % filled[1], Math.floor(i / channels / filled[1])]
    const stored = row < height && column < width ? picture[(row * width + column) * channels + c]! : 0
    return (stored - offset) * scale
  })
  const { data, shape } = computeReference(bundle.architecture, bundle.checkpoints[0]!.arrays, { shape: [1, ...filled, channels], data: x })
  assert.deepEqual(shape, [1, ...filled, 3])
  assert.deepEqual([found.length, ...new Set(found.map(row => row.length))], [height, width])
  found.forEach((row, y) => row.forEach((label, x) => {
    const logits = data.subarray((y * filled[1] + x) * 3, (y * filled[1] + x + 1) * 3)
    assert.ok(logits[label]! > Math.max(...logits) - 1e-4, `${label} at ${y}, ${x}: ${logits}`)
  }))
  assert.ok(new Set(found.flat()).size > 1, 'a map of one class tells nothing')
}

for (const [size, filled] of [[[48, 44], [48, 44]], [[37, 50], [40, 52]], [[7, 9], [8, 12]]] as [Size, Size][]) {
  test(`predict: a picture of ${size.join(' x ')} is read as a network in Float64 reads it, ${filled.join(' x ')} with black`, async () => {
    const picture = drawPicture(size, 3)
    const [nested, png] = await labels(colour, { input: nest(picture, size, 3) }, { png: toPng(picture, size, 3) })
    assertReference(colour, picture, size, filled, nested!)
    assert.deepEqual(png, nested)
  })
}

test('predict: far from the edges a larger picture is read as its parts of the trained size are', async () => {
  const size: Size = [61, 70]
  const picture = drawPicture(size, 3)
  const [whole] = await labels(colour, { png: toPng(picture, size, 3) })
  const [height, width] = TRAINED
  for (const [top, left] of [[0, 0], [16, 12], [24, 28]] as [number, number][]) {
    const part = new Uint8Array(height * width * 3)
    cutWindow(picture, { maps: 1, size, numbers: 3 }, { top, left, height, width }, part)
    const [own] = await labels(colour, { input: [...part] })
    const inner = (map: number[][], [y, x]: [number, number]) =>
      map.slice(y + REACH, y + height - REACH).map(row => row.slice(x + REACH, x + width - REACH))
    assert.deepEqual(inner(whole!, [top, left]), inner(own!, [0, 0]))
  }
})

test('predict: a picture of the trained size is one answer, whoever sends it in which form', async () => {
  const picture = colour.dataset.test.arrays.inputs!.subarray(0, TRAINED[0] * TRAINED[1] * 3) as Uint8Array
  const [stored, ...others] = await labels(colour,
    { split: 'test', index: 0 }, { input: [...picture] }, { input: nest(picture, TRAINED, 3) }, { png: toPng(picture, TRAINED, 3) })
  for (const other of others) assert.deepEqual(other, stored)
  assertReference(colour, picture, TRAINED, TRAINED, stored!)
})

test('predict: several sizes in one request are answered in its order, each as alone, and as a picture of its size', async () => {
  const sizes: Size[] = [[20, 45], TRAINED, [20, 45], [41, 8]]
  const queries = [...sizes.map(size => ({ png: toPng(drawPicture(size, 3), size, 3) })), { split: 'test' as const, index: 1 }]
  const together = await ask(colour, queries)
  assert.deepEqual(together.results.map(({ query }) => query), [...sizes.map(() => ({ input: 'raw' })), { split: 'test', index: 1 }])
  for (const [i, query] of queries.entries()) {
    assert.deepEqual(labelsOf(together)[i], (await labels(colour, query))[0])
    const file = await responder.answer(operations.predict, colour, { queries: [query] }, 'image/png') as Uint8Array
    const { width, height, data } = decode(file)
    const [rows, columns] = sizes[i] ?? TRAINED
    assert.deepEqual([height, width], [rows, columns])
    assert.deepEqual([...data], labelsOf(together)[i]!.flat())
  }
})

test('predict: grey pictures have a channel or none, and are three equal ones to a model of colours', async () => {
  const size: Size = [21, 30]
  const picture = drawPicture(size, 1)
  const flat = nest(picture, size, 1).map(row => row.map(([value]) => value))
  const [deep, ...others] = await labels(grey, { input: nest(picture, size, 1) }, { input: flat }, { png: toPng(picture, size, 1) })
  for (const other of others) assert.deepEqual(other, deep)
  const tripled = Uint8Array.from({ length: 3 * picture.length }, (_, i) => picture[Math.floor(i / 3)]!)
  const [once, thrice] = await labels(colour, { png: toPng(picture, size, 1) }, { png: toPng(tripled, size, 3) })
  assert.deepEqual(once, thrice)
  const palette = encodeIndexed(picture.map(value => value % 2), size, classPalette()).toString('base64') // black and a colour
  await assert.rejects(ask(grey, [{ png: palette }]), { code: 'invalid_input', detail: 'queries[0].png must be grey, for the model’s pictures have one channel, got "colours"' })
})

test('predict: what cannot be read at its size is refused by its place, its rule and what was got', async () => {
  const [small, size]: [Size, Size] = [[5, 6], [9, 10]]
  const png = toPng(drawPicture(size, 3), size, 3)
  const tooLarge = Buffer.from(encodeImage({ shape: [1, LONGEST_SIDE + 1, 1], values: new Uint8Array(LONGEST_SIDE + 1) }))
  tooLarge[tooLarge.length - 20]! ^= 1 // nobody looks at its pixels
  const mapper = (...layers: Layer[]) => makeBundle({ inputShape: [...small, 1], layers, head: { type: 'class-map' } })
  const edges = mapper(conv(3, { padding: 'valid', activation: 'linear' }))
  const least = mapper(conv(3, { padding: 'valid', activation: 'linear', name: 'inner' }), { type: 'resize-bilinear', inputs: ['inner', 'input'] })
  const wide = mapper(conv(512), conv(3, { activation: 'linear' }))
  const classifier = makeBundle({ inputShape: [...small, 1], layers: [{ type: 'flatten' }, { type: 'dense', units: 3, activation: 'linear' }] })
  const floats = makeBundle(dilated(3), 'float32')
  const input = nest(drawPicture(size, 1), size, 1)
  const ragged = [...input.slice(1), [[1]]]
  const trained = 'must have the size of the pictures that the model was trained on, [5, 6]'
  const cases: [ModelBundle, object, string][] = [
    [colour, { png, input }, 'queries[0] must have either input or png, got "both"'],
    [colour, { png, split: 'test', index: 0 }, 'queries[0] must have either png, or split and index, got "both"'],
    [grey, { input: ragged }, 'queries[0].input[8] must be an array of 10, for this picture’s pixels have shape [9,10,1], got "an array of 1"'],
    [grey, { input, target: [1, 2] }, 'queries[0].target must be an array of 90, for targets have shape [9,10], got "an array of 2"'],
    [grey, { png: tooLarge.toString('base64') }, 'queries[0].png must have sides of at most 4096 pixels, got [1,4097]'],
    [edges, { input }, `queries[0].input ${trained}, for its maps are not as large as its pictures: [7, 8] of [9, 10], got [9,10]`],
    [least, { input: [[1, 2]] }, 'queries[0].input must be a picture that the layers fit: layers[0] needs a picture of at least 3 pixels a side, got [1], got [1,2]'],
    [wide, { png: toPng(new Uint8Array(600 * 600), [600, 600], 1) }, 'queries[0].png must be so small that the layers make at most 134217728 numbers of it, got 185400000'],
    [classifier, { input }, 'queries[0].input must be an array of 5, for inputs have shape [5,6,1], got "an array of 9"'],
    [classifier, { png: toPng(drawPicture(size, 1), size, 1) }, `queries[0].png ${trained}, got [9,10]`],
    [floats, { png }, 'queries[0].png must be left out for input, numbers of shape [36, 40, 3]: the model’s inputs are no bytes of one or three channels, got "a PNG"']
  ]
  for (const [bundle, query, detail] of cases) {
    await assert.rejects(responder.answer(operations.predict, bundle, { queries: [query] }), { code: 'invalid_input', detail })
  }
  const more = Buffer.concat([Buffer.from(toPng(drawPicture(small, 3), small, 3), 'base64').subarray(0, 33), Buffer.from(png, 'base64').subarray(33)])
  await assert.rejects(ask(colour, [{ png: more.toString('base64') }]), { code: 'invalid_input', detail: /^queries\[0\]\.png must be a PNG that can be read, got ".*can be unpacked/ })
})

test('influence: a PNG of the trained size is a raw input; other sizes are refused', async () => {
  const picture = drawPicture(TRAINED, 1)
  const influence = async (query: object) => await responder.answer(operations.influence, grey, { queries: [query], layers: 'all' })
  assert.deepEqual(await influence({ png: toPng(picture, TRAINED, 1) }), await influence({ input: [...picture] }))
  const size: Size = [9, 10]
  const other = picture.subarray(0, 90)
  const refusals: [object, string][] = [
    [{ input: nest(other, size, 1) }, 'queries[0].input must be an array of 36, for inputs have shape [36,40,1], got "an array of 9"'],
    [{ png: toPng(other, size, 1) }, 'queries[0].png must have the size of the pictures that the model was trained on, [36, 40], got [9,10]']
  ]
  for (const [query, detail] of refusals) await assert.rejects(influence(query), { code: 'invalid_input', detail })
})

test('createPixelCount: a picture has pixels and sides up to a bound, and those of one request together', () => {
  const path = 'queries[7].png'
  const count = createPixelCount()
  const sides: Size = [1024, MOST_PIXELS / 1024]
  for (let i = 0; i < 4; i++) count({ size: sides, path })
  assert.throws(() => { count({ size: [1, 1], path }) }, { code: 'invalid_input', detail: /^queries\[7\]\.png must be left for another request, .* got 4194305$/ })
  const refused = (size: Size) => { assert.throws(() => { createPixelCount()({ size, path }) }, { code: 'invalid_input', detail: /at most/ }) }
  refused([sides[0] + 1, sides[1]])
  refused([LONGEST_SIDE + 1, 1])
  refused([1, LONGEST_SIDE + 1])
})

test('a model that was asked at several sizes leaves no tensor behind', () => {
  responder.close()
  assert.equal(engine.tensorCount(), 0)
})
