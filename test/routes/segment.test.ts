/** Pictures to be segmented over HTTP: both forms, both answers, and mistakes by name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { decodePng, readPngHeader } from '../../src/datasets/formats/pictures/png.js'
import { palettePng, png } from '../datasets/pictures.js'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { file, toForm, type Parts } from '../helpers/form.js'
import { drawRectangle } from '../segmentation/pictures.js'
import { makePictures } from './fixtures.js'

const { truth, ...pixels } = drawRectangle(8, 12, [[200, 10, 10], [10, 10, 200]])
const picture = png(8, 12, [...pixels.data], { channels: 3 })
const strokes = [{ label: 0, width: 1, points: [[0, 0], [5, 0]] }, { label: 1, width: 1, points: [[5, 4]] }]
const pairs = { type: 'grid', lambda: 5 }
const seedMap = (labels: Record<number, number>, unknown = 255): number[] => Array.from({ length: 96 }, (_, p) => labels[p] ?? unknown)

const base64 = (bytes: Buffer): string => bytes.toString('base64')
const ask = async ({ call }: TestApp, body: object, accept = 'application/json') => await call('POST', '/v1/segment', { body, headers: { accept } })
const send = async ({ call }: TestApp, parts: Parts, accept = 'application/json') => {
  const { body, headers } = toForm(parts)
  return await call('POST', '/v1/segment', { body, headers: { ...headers, accept } })
}
const readLabels = (bytes: Buffer): Uint8Array => {
  const of = { file: { path: '', name: 'mask' }, name: 'mask', bytes }
  const { type, samples } = decodePng(of, readPngHeader(of))
  assert.equal(type, 3, 'labels are numbers of a palette')
  return samples as Uint8Array
}

test('POST /v1/segment', async t => {
  const api = await openTestApp(t, { maxSegmentPixels: 100 }) // one for all: opening takes longer than asking
  await t.test('JSON, forms, masks and maps of seeds say the same, to the byte', async () => { await checkForms(api) })
  await t.test('JPEG, and examples of data sets', async () => { await checkSources(api) })
  await t.test('what cannot be meant is told by name', async () => { await checkRefusals(api) })
})

async function checkForms (api: TestApp): Promise<void> {
  const first = await ask(api, { picture: base64(picture), strokes, pairs })
  assert.equal(first.statusCode, 200, first.body)
  const { width, height, counts, energies, mask, ...rest } = first.json()
  assert.deepEqual([width, height, counts, energies.length, rest], [12, 8, [72, 24], 2, {}])
  assert.deepEqual(readLabels(Buffer.from(mask, 'base64')), truth)
  assert.equal(energies.at(-1).total, energies.at(-1).unary + energies.at(-1).pairs)

  const form = { picture: file('photo.png', picture), strokes: JSON.stringify(strokes), pairs: JSON.stringify(pairs) }
  assert.deepEqual((await send(api, form)).json(), first.json())
  const asPng = await send(api, form, 'image/png')
  assert.equal(asPng.headers['content-type'], 'image/png')
  assert.equal(base64(asPng.rawPayload), mask)

  const drawn = seedMap({ 0: 0, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 53: 1 })
  const mapped = { picture: base64(picture), pairs, seeds: base64(png(8, 12, drawn)) }
  assert.deepEqual((await ask(api, mapped)).json(), first.json())
  const other = drawn.map(label => label === 255 ? 0 : label + 7)
  const named = { ...form, strokes: '[]', seeds: file('seeds.png', palettePng(8, 12, other, Array.from({ length: 9 }, () => [0, 0, 0]))), maskValues: '{"0": 255, "7": 0, "8": 1}' }
  assert.deepEqual((await send(api, named)).json(), first.json())

  const overlaid = (await ask(api, { picture: base64(picture), strokes, pairs, overlay: true })).json()
  const { data, info } = await sharp(Buffer.from(overlaid.overlay, 'base64')).raw().toBuffer({ resolveWithObject: true })
  assert.deepEqual([info.width, info.height], [12, 8])
  assert.deepEqual([[...data.subarray(0, 3)], [...data.subarray(3 * 53, 3 * 54)]], [[200, 10, 10], [69, 5, 100]])
  assert.equal(base64((await ask(api, { picture: base64(picture), strokes, pairs, overlay: true }, 'image/png')).rawPayload), overlaid.overlay)
}

async function checkSources (api: TestApp): Promise<void> {
  const jpeg = await sharp(pixels.data, { raw: { width: 12, height: 8, channels: 3 } }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
  const ofJpeg = await send(api, { picture: file('photo.jpg', jpeg), strokes: JSON.stringify(strokes), pairs: JSON.stringify(pairs) })
  assert.deepEqual(readLabels(Buffer.from(ofJpeg.json().mask, 'base64')), truth)

  const example = { datasetId: await makePictures(api.parts, api.team.store), split: 'train', index: 1 } // 30, 35, 40 over 45, 50, 55
  const two = [{ label: 0, width: 1, points: [[0, 0]] }, { label: 1, width: 1, points: [[2, 1]] }]
  const answer = await ask(api, { example, strokes: two, colours: { type: 'none' }, pairs: { type: 'grid', neighbours: 4, sigma: 5, lambda: 1 } })
  assert.equal(answer.statusCode, 200, answer.body)
  assert.equal(answer.json().counts[0] + answer.json().counts[1], 6)
  const wrong: [object, number, RegExp][] = [
    [{ example, picture: base64(picture), strokes }, 400, /example must be left out when there is a picture/],
    [{ example: { ...example, index: 9 }, strokes: two }, 404, /example 9 of train/],
    [{ example: { ...example, field: 'target' }, strokes: two }, 422, /example\.field must be an image of 1 or 3 channels .* got classes in target/],
    [{ example: { ...example, field: 'depth' }, strokes: two }, 404, /example\.field must be one of inputs, target/],
    [{ example: { ...example, seedsField: 'target' }, strokes: two }, 422, /example\.seedsField must be a classMap/],
    [{ example: { ...example, datasetId: '01936a3e-0000-7000-8000-000000000001' }, strokes: two }, 404, /data set/]
  ]
  for (const [body, status, detail] of wrong) {
    const response = await ask(api, body)
    assert.deepEqual([response.statusCode, detail.test(response.json().detail)], [status, true], response.body)
  }
}

async function checkRefusals (api: TestApp): Promise<void> {
  const good = { picture: base64(picture), strokes }
  const cases: [object, number, RegExp][] = [
    [{ strokes }, 400, /picture is required/],
    [{ ...good, picture: 'no base64!' }, 400, /picture must match pattern/],
    [{ ...good, picture: 'aGVsbG8=' }, 422, /"picture": it must be a PNG or JPEG picture, got a file that begins with 68656c6c/],
    [{ ...good, picture: base64(picture.subarray(0, 60)) }, 422, /must be complete, got a file that was cut/],
    [{ ...good, picture: base64(png(11, 10)) }, 422, /at most 100 pixels, got 11 x 10/],
    [{ ...good, labels: 9 }, 422, /at most 88 pixels, got 8 x 12/],
    [{ ...good, seeds: base64(png(8, 11, 255)) }, 422, /seeds must have the size of the picture, 8 x 12, got 8 x 11/],
    [{ ...good, seeds: base64(png(8, 12, seedMap({ 13: 5 }))) }, 422, /must have 0 \.\. 1 or 255 at pixel \(x 1, y 1\), got 5/],
    [{ ...good, seeds: base64(png(8, 12, 0, { channels: 3 })) }, 422, /maskColours/],
    [{ ...good, strokes: [...strokes, { label: 0, points: [[12, 0]] }] }, 422, /strokes\[2\]\.points\[0\] must lie in the picture, x 0 \.\. 11 and y 0 \.\. 7, got \[12, 0\]/],
    [{ ...good, strokes: [{ label: 0, points: [[-1, 0]] }] }, 400, /strokes\[0\]\.points\[0\]\[0\] must be >= 0/],
    [{ ...good, strokes: [...strokes, { label: 2, points: [[1, 1]] }] }, 422, /seeds must have labels 0 \.\. 1, got 2/],
    [{ ...good, strokes: strokes.slice(0, 1) }, 422, /every label 0 \.\. 1 must have a seed, got none of label 1/],
    [{ ...good, strokes: [] }, 422, /got none of label 0/],
    [{ ...good, labels: 1 }, 400, /labels must be >= 2/],
    [{ ...good, label: 2 }, 400, /label is not a known field; did you mean labels/],
    [{ ...good, colours: { type: 'mixture', bins: 3 } }, 400, /colours\.bins is not a known field/],
    [{ ...good, pairs: { type: 'grid', neighbours: 6 } }, 400, /pairs\.neighbours/],
    [{ ...good, pairs: { type: 'grid', sigma: 0 } }, 400, /pairs\.sigma must be > 0/]
  ]
  for (const [body, status, detail] of cases) {
    const response = await ask(api, body)
    assert.deepEqual([response.statusCode, detail.test(response.json().detail)], [status, true], response.body)
  }
  const forms: [Parts, number, RegExp][] = [
    [{ strokes: JSON.stringify(strokes) }, 400, /picture is required/],
    [{ picture: file('a.png', picture), strokes: '[{' }, 400, /strokes must be JSON of an array/],
    [{ picture: file('a.png', picture), mask: file('b.png', picture) }, 400, /mask is not a known file; known are picture, seeds/],
    [{ picture: file('a.png', picture), lambda: '3' }, 400, /lambda is not a known field/],
    [{ picture: 'text' }, 400, /picture must be a file/],
    [{ picture: file('a.txt', 'text'), strokes: JSON.stringify(strokes) }, 422, /"a\.txt": it must be a PNG or JPEG/]
  ]
  for (const [parts, status, detail] of forms) {
    const response = await send(api, parts)
    assert.deepEqual([response.statusCode, detail.test(response.json().detail)], [status, true], response.body)
  }
  assert.equal((await ask(api, { ...good, seed: undefined }, 'image/svg+xml')).statusCode, 406)
}
