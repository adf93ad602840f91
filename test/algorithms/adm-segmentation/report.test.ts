/** What the verdict says of results that are made up: each claim can hold and can fail, figures can be drawn. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FinishedTrial } from '../../../src/algorithms/contract.js'
import { admSegmentation } from '../../../src/algorithms/adm-segmentation/index.js'
import type { SegmentationResult } from '../../../src/algorithms/adm-segmentation/result.js'
import type { SegmentationSpec } from '../../../src/algorithms/adm-segmentation/spec.js'
import { draw } from '../../../src/figures/draw.js'
import { compileCheck } from '../../../src/routes/validation.js'
import { fillSpec } from '../../helpers/drive.js'

const methods = [{ type: 'pce' }, { type: 'gd', lambda: 1 }, { type: 'gd', lambda: 3 }, { type: 'adm', lambda: 3 }, { type: 'full' }]

function makeSpec (changes: object = {}): SegmentationSpec {
  return fillSpec(admSegmentation, { data: { datasetId: '00000000-0000-7000-8000-000000000000' }, methods, seeds: [0, 1, 2], ...changes })
}

interface Made { iou: number, energy?: number, scribbles?: number, spread?: number }

/** Finishes every trial: pictures differ by the same amounts in all arms, and by a spread of the arm's own. */
function finish (spec: SegmentationSpec, of: (arm: string) => Made): FinishedTrial<SegmentationSpec, SegmentationResult>[] {
  return admSegmentation.plan(spec).map((definition, i) => {
    const { iou, energy = 50, scribbles = 1, spread = 0 } = of(definition.arm)
    const pictures = Array.from({ length: 20 }, (_, p) => [iou + 0.001 * (p % 5) + spread * (p % 2 - 0.5), null, iou + 0.001 * (p % 5)])
    const point = {
      meanIoU: iou,
      trainIoU: iou,
      classIoU: [iou, null, iou],
      pixelAccuracy: iou,
      boundaryF: iou,
      scribbleAccuracy: scribbles,
      pottsEnergy: energy + definition.seed,
      gap: definition.arm.includes('adm') ? 1 : null,
      disagreement: definition.arm.includes('adm') ? 0.1 : null
    }
    const result: SegmentationResult = {
      outcome: 'finished', parameters: 10, classes: ['a', 'b', 'c'], points: [{ epoch: 5, ...point }, { epoch: 10, ...point }], truthEnergy: 48, pictures, trainPictures: pictures, sheets: [5, 10]
    }
    assert.deepEqual(compileCheck(admSegmentation.result, { root: 'result' })(structuredClone(result)), [])
    return { id: `trial ${i}`, definition, state: 'succeeded', result, metrics: {} }
  })
}

function judge (claim: string, of: (arm: string) => Made, changes: object = {}): boolean | null {
  const spec = makeSpec({ claims: [claim], ...changes })
  return admSegmentation.report(spec, finish(spec, of)).verdict.holds
}

const byMethod = (values: Record<string, Made>) => (arm: string) =>
  values[Object.keys(values).find(name => arm.includes(name))!] ?? { iou: 0.9 }

test('adm-over-gd: the best of each, by no more than half a point behind', () => {
  assert.equal(judge('adm-over-gd', byMethod({ adm: { iou: 0.96 }, 'gd 3': { iou: 0.95 }, 'gd 1': { iou: 0.5 } })), true)
  assert.equal(judge('adm-over-gd', byMethod({ adm: { iou: 0.946 }, gd: { iou: 0.95 } })), true)
  assert.equal(judge('adm-over-gd', byMethod({ adm: { iou: 0.944 }, gd: { iou: 0.95 } })), false)
  assert.equal(judge('adm-over-gd', byMethod({ adm: { iou: 0.95, spread: 0.2 }, gd: { iou: 0.95 } })), false, 'pictures that say different things')
})

test('gd-over-pce: compared with the scribbles alone', () => {
  assert.equal(judge('gd-over-pce', byMethod({ pce: { iou: 0.9 }, gd: { iou: 0.95 } })), true)
  assert.equal(judge('gd-over-pce', byMethod({ pce: { iou: 0.9 }, gd: { iou: 0.88 } })), false)
})

test('adm-accurate and adm-lower-energy: thresholds and seeds', () => {
  assert.deepEqual([0.991, 0.98].map(iou => judge('adm-accurate', byMethod({ adm: { iou } }))), [true, false])
  const energies = (adm: number, gd: number) => byMethod({ adm: { iou: 0.9, energy: adm }, gd: { iou: 0.9, energy: gd } })
  assert.deepEqual([judge('adm-lower-energy', energies(40, 45)), judge('adm-lower-energy', energies(45, 40))], [true, false])
})

test('gd-erases and adm-withstands: with poor scribbles', () => {
  assert.deepEqual([0.75, 0.85].map(iou => judge('gd-erases', byMethod({ pce: { iou: 0.9 }, gd: { iou } }))), [true, false])
  assert.deepEqual([0.885, 0.875].map(iou => judge('adm-withstands', byMethod({ pce: { iou: 0.9 }, adm: { iou } }))), [true, false])
})

test('gd-prefers-smooth: the best dense kernel beside the best of the grid, which a figure shows by width', () => {
  const dense = [5, 15].map(position => ({ type: 'gd', lambda: 1, pairs: { type: 'dense', position } }))
  const wide = { methods: [...methods, ...dense] }
  const of = (iou: number) => byMethod({ 'dense 5': { iou }, dense: { iou: 0.5 }, 'gd 3': { iou: 0.95 } })
  assert.deepEqual([0.96, 0.946, 0.944].map(iou => judge('gd-prefers-smooth', of(iou), wide)), [true, true, false])
  assert.equal(judge('gd-prefers-smooth', of(0.96)), null, 'no dense kernel')
  const spec = makeSpec(wide)
  assert.ok(admSegmentation.report(spec, finish(spec, of(0.96))).figures.some(({ name }) => name === 'widths'))
})

test('a claim must hold for every length of the scribbles', () => {
  const drawn = { scribbles: { type: 'drawn', lengths: [0, 1] } }
  const of = (short: number) => (arm: string) => arm.includes('adm') ? { iou: arm.endsWith('length 0') ? short : 0.96 } : { iou: 0.95 }
  assert.deepEqual([0.96, 0.9].map(short => judge('adm-over-gd', of(short), drawn)), [true, false])
})

test('nothing is decided while a trial is missing, or where partial cross-entropy has not learned its scribbles', () => {
  const spec = makeSpec({ claims: ['adm-over-gd'] })
  const trials = finish(spec, byMethod({ adm: { iou: 0.96 } }))
  assert.equal(admSegmentation.report(spec, trials).verdict.holds, true)
  assert.equal(admSegmentation.report(spec, trials.slice(1)).verdict.holds, null)
  const restless = admSegmentation.report(spec, finish(spec, byMethod({ adm: { iou: 0.96 }, pce: { iou: 0.9, scribbles: 0.8 } }))).verdict
  assert.equal(restless.holds, null)
  assert.match(restless.evidence, /does not read 90 % of the scribbles that it learned \(pce\)/)
})

test('report: every figure is drawn, tables have a cell for every column, pictures are those of the first seed', async () => {
  const spec = makeSpec({ scribbles: { type: 'drawn', lengths: [0, 1] } })
  const { tables, figures } = admSegmentation.report(spec, finish(spec, byMethod({ adm: { iou: 0.96 } })))
  assert.deepEqual(tables.map(({ name }) => name), ['methods', 'classes', 'energies'])
  for (const { columns, rows } of tables) assert.ok(rows.every(row => row.length === columns.length))
  for (const figure of figures) {
    if ('artifact' in figure) assert.deepEqual([figure.artifact.name, figure.artifact.step], ['pictures', 10])
    else assert.match(new TextDecoder().decode(await draw({ vegaLite: figure.vegaLite, format: 'svg' })), /^<svg/)
  }
  assert.ok(figures.some(({ name }) => name === 'lengths'))
})

test('check: names that are taken, relaxations that a dense CRF lacks, data that do not fit', () => {
  const rules = (changes: object, fields: object = {}) => admSegmentation.check!(makeSpec(changes), {
    data: {
      data: {
        id: 'x',
        fields: {
          inputs: { type: 'image', shape: [32, 30, 3], dtype: 'uint8' }, target: { type: 'classMap', shape: [32, 30], names: ['a', 'b'] }, ...fields
        },
        counts: { train: 10, test: 4 }
      }
    },
    models: {}
  } as never).map(({ path, rule }) => `${path} ${rule}`)
  assert.deepEqual(rules({}), [])
  assert.deepEqual(rules({ methods: [{ type: 'adm', lambda: 3, every: 2 }, { type: 'adm', lambda: 3 }] }), ['spec.methods[1].name must be its own: another method has this name, or is the same'])
  assert.deepEqual(rules({ methods: [{ type: 'gd', pairs: { type: 'dense' }, relaxation: 'tv' }] }), ['spec.methods[0].relaxation must be bilinear for a dense CRF'])
  assert.deepEqual(rules({ methods: [{ type: 'gd', pairs: { type: 'dense', scale: 2 } }] }), [])
  assert.deepEqual(rules({ methods: [{ type: 'adm', pairs: { type: 'dense', scale: 4 } }] }), ['spec.methods[0].pairs.scale must divide the pictures’ sides, 32 x 30'])
  assert.deepEqual(rules({ network: { type: 'dilated' } }), ['spec.network.type must be pixel or conv for pictures whose sides are no multiples of 4'])
  assert.deepEqual(rules({ crop: [32, 28] }), [])
  assert.deepEqual(rules({ crop: [33, 30] }), ['spec.crop must be at most the pictures’ 32 x 30'])
  assert.deepEqual(rules({ crop: [32, 30], network: { type: 'dilated' } }, { inputs: { type: 'image', shape: [32, 32, 3], dtype: 'uint8' }, target: { type: 'classMap', shape: [32, 32], names: ['a', 'b'] } }), [
    'spec.crop must have sides that are multiples of 4 for a dilated network'
  ])
  assert.deepEqual(rules({ batchSize: 11, testExamples: 5 }), ['spec.batchSize must be <= 10, the number of training pictures', 'spec.testExamples must be <= 4, the pictures of the data set'])
  assert.deepEqual(rules({}, { target: { type: 'classMap', shape: [16, 16], names: ['a'] } }), [
    'spec.data must have masks of the pictures’ size, 32 x 30', 'spec.data must have at least 2 classes'
  ])
  assert.deepEqual(rules({}, { inputs: { type: 'image', shape: [32, 30, 3], dtype: 'float32' } }), ['spec.data must have pictures of bytes, grey or coloured'])
})
