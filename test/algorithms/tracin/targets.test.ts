/** Values and texts instead of classes of pictures and features. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Dataset } from '../../../src/datasets/dataset.js'
import type { RunEvent } from '../../../src/algorithms/contract.js'
import { tracin } from '../../../src/algorithms/tracin/index.js'
import { baselinesFor } from '../../../src/algorithms/tracin/baselines/names.js'
import type { TracinResult, TracinSpec } from '../../../src/algorithms/tracin/spec.js'
import { draw } from '../../../src/figures/draw.js'
import { openView } from '../../../src/influence/view.js'
import { drive, fillSpec, generate, runToEnd } from '../../helpers/drive.js'
import { describeData } from '../../helpers/inputs.js'
import { makeTexts } from '../../helpers/texts.js'
import { openTestEngine } from '../../tensor/helpers.js'
import { testContract } from '../contract-suite.js'

const engine = await openTestEngine()
const algorithm = tracin as unknown as Parameters<typeof fillSpec>[0]

const generator = { type: 'nonlinear' as const, train: 120, test: 40, noise: 2, seed: 1 }
const table = generate(generator)
const ofValues = {
  data: { generator },
  network: { type: 'mlp', hidden: [8], activation: 'tanh' },
  optimizer: { learningRate: 0.05 },
  epochs: 6,
  batchSize: 20,
  checkpoints: { type: 'every', epochs: 3 }
}

const texts = makeTexts({ train: 80, test: 40 })
const ofTexts = {
  data: { datasetId: '00000000-0000-7000-8000-000000000000' },
  network: { type: 'embedding', dimensions: 6 },
  optimizer: { learningRate: 5 },
  epochs: 6,
  batchSize: 20,
  checkpoints: { type: 'every', epochs: 3 }
}

testContract(algorithm, ofValues, { what: 'values' })
testContract(algorithm, ofTexts, { what: 'texts', data: { data: texts } })

async function run (spec: object, data: Dataset): Promise<{ events: RunEvent[], result: TracinResult, spec: TracinSpec }> {
  const filled = fillSpec<TracinSpec>(algorithm, spec)
  const { events, result } = await drive(algorithm, algorithm.plan(filled)[0]!, { engine, data: { data } })
  return { events, result: result as TracinResult, spec: filled }
}

function only<T extends RunEvent['type']> (events: RunEvent[], type: T): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type)
}

function columnOf ({ arrays: { target } }: Dataset['train']): number[] {
  return Array.from(target!)
}

test('run: values are swapped unless the spec says otherwise, errors are in their units, and nothing counts as accuracy', async () => {
  const { events, result } = await run({ ...ofValues, epochs: 60, checkpoints: { type: 'every', epochs: 20 } }, table)
  assert.equal(result.labelNoise, 'random')
  assert.equal(result.accuracy, null)
  assert.equal(result.flipped.length, 12)
  const [distance] = result.errors!
  assert.deepEqual([distance!.name, distance!.unit], ['distance', 'm'])
  const own = columnOf(table.test)
  const mean = own.reduce((a, b) => a + b) / own.length
  assert.ok(Math.abs(distance!.deviation - Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length)) < 1e-3)
  assert.ok(distance!.test < 0.6 * distance!.deviation, `${distance!.test} m of ${distance!.deviation} m`)
  const last = only(events, 'metrics').flatMap(({ values }) => values.testError === undefined ? [] : [values.testError]).at(-1)!
  assert.ok(Math.abs(last - distance!.test) < 1e-9)
})

test('run: the training view says which values were swapped, in the target’s units', async () => {
  const { events, result } = await run(ofValues, table)
  const { trainingView } = only(events, 'model')[0]!
  const { target } = openView({ ...trainingView!, datasetId: 'x' }, table)
  const own = columnOf(table.train)
  Array.from(target).forEach((value, index) => {
    assert.equal(value !== own[index], result.flipped.includes(index), String(index))
    assert.ok(own.includes(value))
  })
  for (const { index, label, trueLabel } of result.ranking) assert.deepEqual([label, trueLabel], [[target[index]], [own[index]]])
})

test('run: what a network of two values learned is measured by column', async () => {
  const { arrays: { inputs, target }, count } = table.train
  const pairs = Float32Array.from({ length: 2 * count }, (_, i) => i % 2 === 0 ? target![i >> 1]! : i % 7)
  const twice = { count, arrays: { inputs: inputs!, target: pairs } }
  const columns = [{ name: 'distance', unit: 'm' }, { name: 'rest' }]
  const fields: Dataset['fields'] = { ...table.fields, target: { type: 'values', columns } }
  const data: Dataset = { ...table, fields, counts: { train: count, test: count }, train: twice, test: twice }
  const { events, result } = await run({ ...ofValues, epochs: 40, checkpoints: { type: 'every', epochs: 20 } }, data)
  assert.deepEqual(result.errors!.map(({ name, unit }) => [name, unit]), [['distance', 'm'], ['rest', undefined]])
  assert.ok(result.errors![0]!.test < 0.8 * result.errors![0]!.deviation)
  assert.ok(Math.abs(result.errors![1]!.deviation - 2) < 0.1, '0 .. 6 in turn')
  const { relabelled } = only(events, 'model')[0]!.trainingView!
  assert.equal(relabelled.labels.length, 2 * relabelled.indices.length)
  assert.equal((result.ranking[0]!.label as number[]).length, 2)
})

test('run: values are scored by the last layer and by all, by the last as their gradients in Float64 say', async () => {
  const { events, result } = await run({ ...ofValues, labelNoise: { kind: 'none' } }, table)
  const { preprocessing: { offset, scale, target } } = only(events, 'model')[0]!
  const { inputs, target: own } = table.train.arrays
  const [offsets, scales] = [offset as number[], scale as number[]]
  const scores = new Float64Array(120)
  for (const { interval, arrays } of only(events, 'checkpoint')) {
    const [kernel, bias, last, lastBias] = Object.values(arrays).map(({ data }) => data)
    for (let n = 0; n < 120; n++) {
      const hidden = Array.from({ length: 8 }, (_, j) => Math.tanh(
        [0, 1, 2].reduce((sum, i) => sum + (inputs![3 * n + i]! - offsets[i]!) * scales[i]! * kernel![8 * i + j]!, bias![j]!)))
      const output = hidden.reduce((sum, value, j) => sum + value * last![j]!, lastBias![0]!)
      const delta = 2 * (output - (own![n]! - target!.offset[0]!) * target!.scale[0]!)
      scores[n]! += interval!.weight * delta ** 2 * hidden.reduce((sum, value) => sum + value ** 2, 1)
    }
  }
  assert.equal(result.ranking.length, 120)
  const largest = Math.max(...scores)
  for (const { index, score } of result.ranking) assert.ok(Math.abs(score - scores[index]!) < 1e-5 * largest, `${score} for ${scores[index]}`)
  assert.deepEqual(only(events, 'influence').map(({ layers, step }) => [layers, step]), result.checkpoints.map(({ step }) => ['last', step]))

  const compared = async (selfInfluence: string[]) =>
    (await run({ ...ofValues, selfInfluence }, table)).result.methods.map(({ name }) => name)
  assert.deepEqual(await compared(['last', 'all']), ['tracin-last', 'tracin-all', ...baselinesFor('values'), 'random'])
  assert.deepEqual(await compared(['all']), ['tracin-all', ...baselinesFor('values'), 'random'])
})

test('run: a network of texts tells topics apart; its padding does not count', async () => {
  const { events, result } = await run({ ...ofTexts, network: { type: 'auto' }, epochs: 30, checkpoints: { type: 'every', epochs: 10 }, labelNoise: { kind: 'none' } }, texts)
  const { network } = only(events, 'model')[0]!
  assert.deepEqual(network.layers, [
    { type: 'embedding', vocabulary: 24, dimensions: 64, deviation: 0.1, padding: 0 }, { type: 'dense', units: 2, activation: 'linear' }
  ])
  assert.ok(result.accuracy!.test >= 0.9, String(result.accuracy!.test))
})

test('run: the ranking is shown as rows of the table, wrong ones marked, and as texts', async () => {
  for (const [spec, data, expected] of [
    [ofValues, table, ['speed', 'reaction', 'friction', 'labels are distance in m']], [ofTexts, texts, ['coach', 'profit', 'sport']]
  ] as const) {
    const { events, result } = await run(spec, data)
    const [sheet] = only(events, 'artifact')
    assert.deepEqual([sheet!.name, sheet!.step, sheet!.mediaType], ['ranking-sheet', result.rankingSheet, 'image/svg+xml'])
    const svg = new TextDecoder().decode(sheet!.bytes)
    for (const words of expected) assert.ok(svg.includes(words), words)
    for (const { index } of result.ranking.slice(0, 20)) assert.ok(svg.includes(`>${index}</text>`), String(index))
    assert.ok((await draw({ svg, format: 'png' })).length > 1000)
  }
})

test('run: adam trains, and says what its scores are', async () => {
  const { events, result } = await run({ ...ofTexts, optimizer: { type: 'adam', learningRate: 0.05 }, labelNoise: { kind: 'none' } }, texts)
  assert.ok(result.accuracy!.test >= 0.9, String(result.accuracy!.test))
  assert.match(only(events, 'log').map(({ text }) => text).join(), /With adam gradients are measured by the second moments/)
})

test('run: tokens that are no text have no sheet, and no padding', async () => {
  const { words: _, ...rest } = texts
  const { text: __, ...inputs } = texts.fields.inputs as Extract<Dataset['fields']['inputs'], { type: 'tokens' }>
  const { events, result } = await run(ofTexts, { ...rest, fields: { ...texts.fields, inputs } })
  assert.equal(result.rankingSheet, undefined)
  assert.deepEqual(only(events, 'artifact'), [])
  assert.equal('padding' in only(events, 'model')[0]!.network.layers[0]!, false)
})

test('check: what values and tokens cannot have is refused, naming the path', () => {
  const check = (changes: object, { id, fields, counts }: Dataset) => {
    const spec = fillSpec<TracinSpec>(algorithm, { data: ofTexts.data, ...changes })
    return tracin.check!(spec, describeData({ data: { id, fields, counts } })).map(({ path, rule, got }) => `${path} ${rule}, got ${String(got)}`)
  }
  assert.deepEqual(check({}, table), [])
  assert.deepEqual(check({}, texts), [])
  assert.match(check({ labelNoise: { kind: 'hardest' } }, table).join(), /^spec.labelNoise.kind must be auto, random or none for a target of values, got hardest$/)
  assert.match(check({ baselines: { methods: ['loss', 'el2n'] } }, table).join(), /^spec.baselines.methods\[1\] must be mean-loss, loss, gradient-norm, influence-function, random for a target of values, got el2n$/)
  assert.match(check({ predictions: [{ measure: 'auc', over: 'margin' }] }, table).join(), /^spec.predictions\[0\].over must be .* for a target of values, got margin$/)
  assert.deepEqual(check({ baselines: { methods: ['el2n'] }, predictions: [{ measure: 'auc', over: 'el2n' }] }, texts), [])
  assert.match(check({ frequencyProbe: {} }, table).join(), /^spec.frequencyProbe must be left out: .* got values \(distance in m\)$/)
  assert.match(check({ frequencyProbe: {} }, texts).join(), /^spec.frequencyProbe must be left out: .* got tokens \[12\]$/)
  assert.match(check({ network: { type: 'embedding' } }, table).join(), /^spec.network must fit inputs of shape \[3\]: embedding reads tokens alone, got features \[3\], got embedding$/)
  for (const type of ['mlp', 'softmax', 'cnn']) {
    assert.match(check({ network: { type } }, texts).join(), new RegExp(`^spec.network must fit .*: ${type} reads no tokens, whose network is embedding, got tokens \\[12\\]`))
  }
})

test('report: of values speaks of swapped values and of errors in their units; of texts of accuracies', async () => {
  for (const [spec, data, training, evidence] of [
    [ofValues, table, 'root mean squared errors', /comes nearer to the wrong value/], [ofTexts, texts, 'accuracies', /repeats/]
  ] as const) {
    const filled = fillSpec<TracinSpec>(algorithm, spec)
    const definition = tracin.plan(filled)[0]!
    const { result, metrics } = await runToEnd(algorithm, definition, { engine, data: { data } })
    const { verdict, tables, figures } = tracin.report(filled, [{ id: 'a', definition, state: 'succeeded', result: result as TracinResult, metrics }])
    assert.match(verdict.evidence, evidence)
    assert.ok(tables.find(({ name }) => name === 'training')!.title.includes(training))
    const names = ['fraction-found', 'learning', 'self-influence', 'ranking-sheet', 'explained-sheet']
    // Of few short texts some have the same words.
    assert.deepEqual(figures.map(({ name }) => name), data === texts ? [...names, 'copies-sheet'] : names)
    for (const figure of figures) {
      if (!('vegaLite' in figure)) continue
      assert.doesNotMatch(new TextDecoder().decode(await draw({ vegaLite: figure.vegaLite, format: 'svg' })), /NaN|undefined/, figure.name)
    }
  }
})
