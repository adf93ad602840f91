/** Pictures of several sizes: what lies around them in their frame takes no part. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode } from 'fast-png'
import { pictureAt, type Pictures } from '../../../src/algorithms/adm-segmentation/data.js'
import { admSegmentation as kind } from '../../../src/algorithms/adm-segmentation/index.js'
import type { SegmentationResult } from '../../../src/algorithms/adm-segmentation/result.js'
import { EXTENT, extentField, readExtents, toExtents } from '../../../src/datasets/extent.js'
import type { Dataset, Split } from '../../../src/datasets/dataset.js'
import { UNLABELLED } from '../../../src/datasets/unlabelled.js'
import { openStream } from '../../../src/math/random.js'
import type { Window } from '../../../src/math/windows.js'
import { fillSpec, generateData } from '../../helpers/drive.js'
import { dense, openTrial, scenesOf } from './small-trial.js'

const SIDE = 12
const frame = [16, 20] as const
const scenes = scenesOf({ train: 4 })

/** Lays pictures into frames, each elsewhere, with numbers of chance around them. */
function layIn ({ count, arrays }: Split): Split {
  const random = openStream(2, 'around')
  const extents = Array.from({ length: count }, (): Window => (
    { top: random.integer(frame[0] - SIDE + 1), left: random.integer(frame[1] - SIDE + 1), height: SIDE, width: SIDE }))
  const lay = (values: Uint8Array, ground: () => number): Uint8Array => {
    const numbers = values.length / count / SIDE ** 2
    const size = frame[0] * frame[1] * numbers
    const laid = Uint8Array.from({ length: count * size }, ground)
    for (let at = 0; at < values.length; at++) {
      const [k, p] = [at % numbers, Math.floor(at / numbers)]
      const { top, left } = extents[Math.floor(p / SIDE ** 2)]!
      const [y, x] = [Math.floor(p / SIDE) % SIDE, p % SIDE]
      laid[Math.floor(p / SIDE ** 2) * size + ((top + y) * frame[1] + left + x) * numbers + k] = values[at]!
    }
    return laid
  }
  const noLabel = () => UNLABELLED
  return {
    count,
    arrays: {
      inputs: lay(arrays.inputs as Uint8Array, () => random.integer(256)),
      target: lay(arrays.target as Uint8Array, noLabel),
      scribbles: lay(arrays.scribbles as Uint8Array, noLabel),
      [EXTENT]: toExtents(extents)
    }
  }
}

function layAll (data: Record<string, Dataset>): Record<string, Dataset> {
  const { fields: { inputs, target, scribbles }, train, test, ...dataset } = data.data!
  const fields = {
    inputs: { ...inputs, shape: [...frame, 3] },
    target: { ...target, shape: [...frame] },
    scribbles: { ...scribbles, shape: [...frame] },
    extent: extentField
  }
  return { data: { ...dataset, fields: fields as Dataset['fields'], train: layIn(train), test: layIn(test) } }
}

/** A trial whose network sees pixel by pixel, so that nothing comes in from around but by a mistake. */
async function runLaid (method: object, { crop, isLaid, ...changes }: { crop?: number[], isLaid: boolean, scribbles?: object }) {
  const { data, runOn } = openTrial(method, {
    data: scenes, network: { type: 'pixel', filters: [3] }, scaling: 'standard', flip: true, ...changes, ...(crop ? { crop } : {})
  })
  const { events, result } = await runOn(isLaid ? { data: layAll(data) } : {})
  return { events, result: result as SegmentationResult }
}

type Events = Awaited<ReturnType<typeof runLaid>>['events']

/** All numbers that were measured, but those of time. */
function numbersOf ({ events, result: { sheets: _, ...result } }: { events: Events, result: SegmentationResult }): number[] {
  const all: number[] = []
  const collect = (value: unknown): void => {
    if (typeof value === 'number') all.push(value)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect)
  }
  for (const event of events) if (event.type === 'metrics') collect({ ...event.values, cutMilliseconds: 0 })
  for (const event of events) if (event.type === 'checkpoint') for (const { data } of Object.values(event.arrays)) collect([...data])
  collect(result)
  return all
}

const cases: [object, { crop?: number[], scribbles?: object }][] = [
  [{ type: 'gd' }, {}],
  [{ type: 'gd', pairs: dense, lambda: 3 }, { crop: [14, 13] }],
  [{ type: 'adm', every: 1 }, { crop: [16, 12], scribbles: { type: 'drawn', lengths: [1] } }],
  [{ type: 'adm', pairs: dense }, {}]
]

for (const [method, { crop, ...changes }] of cases) {
  test(`${JSON.stringify(method)}${crop ? `, windows of ${crop}` : ''}: pictures in frames give the numbers of the same ones without`, async () => {
    const numbers = numbersOf(await runLaid(method, { ...changes, ...(crop ? { crop } : {}), isLaid: true }))
    const wanted = numbersOf(await runLaid(method, { ...changes, isLaid: false }))
    assert.ok(wanted.length > 100)
    assert.equal(numbers.length, wanted.length)
    numbers.forEach((value, i) => { assert.ok(Math.abs(value - wanted[i]!) <= 2e-4 * Math.max(1, Math.abs(wanted[i]!)), `${i}: ${value}, ${wanted[i]}`) })
  })
}

test('drawSheet: around a picture there is nothing', async () => {
  const { events } = await runLaid({ type: 'pce' }, { isLaid: true })
  const sheet = events.findLast(event => event.type === 'artifact')!
  const { width, data } = decode((sheet as { bytes: Uint8Array }).bytes)
  const scale = Math.ceil(128 / frame[1])
  const laid = layAll(generateData(kind, kind.plan(fillSpec(kind, { data: scenes }))[0]!)).data!.train
  const extents = readExtents(laid, laid.count, frame)
  for (const [i, { top, left }] of extents.entries()) {
    for (let p = 0; p < frame[0] * frame[1]; p++) {
      const [y, x] = [Math.floor(p / frame[1]), p % frame[1]]
      const isInside = y >= top && y < top + SIDE && x >= left && x < left + SIDE
      const at = ((i * (scale * frame[0] + 2) + scale * y) * width + scale * x) * 3
      const wanted = isInside ? [0, 1, 2].map(c => laid.arrays.inputs![(i * frame[0] * frame[1] + p) * 3 + c]) : [255, 255, 255]
      assert.deepEqual([...data.subarray(at, at + 3)], wanted, `picture ${i} at ${x}, ${y}`)
    }
  }
})

test('pictureAt: a picture is its own pixels and scribbles, whatever its size', () => {
  const extents = [
    { top: 0, left: 1, height: 2, width: 2 }, { top: 1, left: 0, height: 1, width: 4 }, { top: 0, left: 0, height: 3, width: 4 }
  ]
  const inputs = Uint8Array.from({ length: 3 * 3 * 4 }, (_, p) => p)
  const pictures: Pictures = { count: 3, inputs, masks: inputs, scribbles: inputs, frame: [3, 4], extents }
  const own = [[1, 2, 5, 6], [16, 17, 18, 19], Array.from({ length: 12 }, (_, p) => 24 + p)]
  for (const [i, values] of own.entries()) {
    const { pixels, scribbles } = pictureAt(pictures, i)
    assert.deepEqual([pixels.height, pixels.width, pixels.channels], [extents[i]!.height, extents[i]!.width, 1])
    assert.deepEqual([[...pixels.data], [...scribbles]], [values, values])
  }
})
