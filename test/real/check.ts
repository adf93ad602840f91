/**
 * The aims on real data (`npm run check:real`): what the service must show on MNIST and on optdigits, over HTTP, as a
 * user would. Skipped, saying so, where the data folder is absent. Figures are printed beside their aims. One service for
 * all: first, alone, what has aims in seconds, and what computes in this process; then the others, two at a time, for the
 * small networks among them take one core each.
 */
import assert from 'node:assert/strict'
import { openAsBlob, existsSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { projectRoot } from '../../src/paths.js'
import { decodeSafetensors } from '../../src/storage/safetensors.js'
import { train, trainModel } from '../helpers/experiments.js'
import { cnnSpec, MNIST_SECONDS, mnistFolder, uploadMnist } from '../helpers/mnist.js'
import { lastLayerGradient } from '../helpers/reference-network.js'
import { startService, type Service } from '../helpers/service.js'
import { checkAttacks, checkReference } from './attacks.js'
import { checkFrequencyPrinciple } from './frequency.js'
import { checkLeader } from './leader.js'
import { checkRobust } from './robust.js'
import { checkSegments } from './segment.js'
import { checkSeparable } from './separable.js'
import { checkAdult, checkCalifornia, checkNews } from './tables.js'

const data = path.resolve(projectRoot, '../shared/data')
const skip = existsSync(data) ? false : `real data are not at ${data}`

/** Prints a figure beside its aim, and asserts it. */
function aim (name: string, value: number, is: 'at least' | 'at most', limit: number): void {
  const met = is === 'at least' ? value >= limit : value <= limit
  process.stdout.write(`  ${met ? 'met   ' : 'MISSED'} ${name}: ${Number(value.toPrecision(4))} (${is} ${limit})\n`)
  assert.ok(met, `${name} must be ${is} ${limit}, got ${value}`)
}

async function form (fields: Record<string, string>, files: Record<string, string>): Promise<FormData> {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  for (const [name, file] of Object.entries(files)) body.append(name, await openAsBlob(path.join(data, file)), path.basename(file))
  return body
}

async function lastOf (service: Service, experimentId: string, name: string): Promise<number> {
  const { items } = await service.json('GET', `/v1/experiments/${experimentId}/metrics?name=${name}`)
  return items[0].points.at(-1)[1]
}

/** A CNN, and the influence of 10 test digits on it: how good, and how quick. */
async function checkTraining (service: Service, datasetId: string): Promise<void> {
  const { id, seconds, modelId } = await trainModel(service, { kind: 'tracin', spec: cnnSpec({ datasetId }) })
  aim('test accuracy after 3 epochs', await lastOf(service, id, 'testAccuracy'), 'at least', 0.985)
  // Of the machine, and of what else it does: no reason to fail.
  process.stdout.write(`  training, evaluation and index: ${Math.round(seconds)} s (aim ${MNIST_SECONDS} on two quiet cores: npm run bench:presets)\n`)
  const { items: indexes } = await service.json('GET', `/v1/models/${modelId}/influence-indexes`)
  assert.deepEqual(indexes.map((index: { layers: string, state: string }) => [index.layers, index.state]), [['last', 'ready']])

  const queries = Array.from({ length: 10 }, (_, index) => ({ split: 'test', index }))
  const ask = async (): Promise<{ answer: Answer, seconds: number }> => {
    const started = performance.now()
    const answer = await service.json<Answer>('POST', `/v1/models/${modelId}/influence`, { queries, layers: 'last', topK: 5 })
    return { answer, seconds: (performance.now() - started) / 1000 }
  }
  const cold = await ask()
  const warm = await ask()
  aim('influence of 10 digits on 60,000, first question, seconds', cold.seconds, 'at most', 2)
  aim('the same again, seconds', warm.seconds, 'at most', 2)
  assert.deepEqual(warm.answer.results, cold.answer.results)
  aim('largest relative difference to gradient dot products', await bruteForceGap(service, modelId, datasetId, cold.answer), 'at most', 1e-4)
}

interface Scored { index: number, label: number, score: number }
interface Answer { results: { query: { index: number }, label: number, proponents: Scored[], opponents: Scored[] }[] }

/**
 * Compares scores with dot products of whole last-layer gradients, one example at a time, from a Float64 network that
 * shares no code with the service (float32 differentiation loses the digits of confidently read examples).
 */
async function bruteForceGap (service: Service, modelId: string, datasetId: string, answer: Answer): Promise<number> {
  const model = await service.json('GET', `/v1/models/${modelId}`)
  const { offset, scale } = model.preprocessing
  const input = async (split: string, index: number): Promise<Float64Array> => {
    const { fields } = await service.json<{ fields: { inputs: { values: number[] } } }>('GET', `/v1/datasets/${datasetId}/examples/${split}/${index}`)
    return Float64Array.from(fields.inputs.values, value => (value - offset) * scale)
  }
  const pairs = []
  for (const { query, label, proponents, opponents } of answer.results) {
    const left = await input('test', query.index)
    for (const { index, label: rightLabel, score } of [...proponents.slice(0, 2), ...opponents.slice(0, 2)]) {
      pairs.push({ left, leftLabel: label, right: await input('train', index), rightLabel, score, sum: 0 })
    }
  }
  for (const { id, interval } of model.checkpoints) {
    const weights = decodeSafetensors(new Uint8Array(await (await service.request('GET', `/v1/checkpoints/${id}/weights`)).arrayBuffer())).arrays
    for (const pair of pairs) {
      const left = lastLayerGradient(model.architecture, weights, pair.left, pair.leftLabel)
      const right = lastLayerGradient(model.architecture, weights, pair.right, pair.rightLabel)
      pair.sum += interval.weight * left.reduce((sum, value, i) => sum + value * right[i]!, 0)
    }
  }
  return Math.max(...pairs.map(({ score, sum }) => Math.abs(score - sum) / Math.abs(sum)))
}

/** Small networks that learn wrong labels by heart: TracInCP finds them. */
async function checkMemorised (service: Service): Promise<void> {
  const dataset = await service.json('POST', '/v1/datasets', await form(
    { name: 'optdigits', format: 'csv', testCount: '397', splitSeed: '0' }, { train: 'tabular/optdigits.tes' }))
  const { counts, fields: { inputs, target } } = dataset
  assert.deepEqual([counts, inputs.shape, target.names.length], [{ train: 1400, test: 397 }, [64], 10])
  const { id } = await train(service, { kind: 'tracin', preset: 'optdigits-memorised', overrides: { data: { datasetId: dataset.id } } })
  const { verdict, tables } = await service.json('GET', `/v1/experiments/${id}/report`)
  process.stdout.write(`  ${verdict.evidence}\n`)
  assert.equal(verdict.holds, true)
  for (const found of foundAtTwentyPercent(tables)) aim('flipped labels that TracInCP (last layer) finds in the first 20 %', found, 'at least', 0.9)
}

/** Reads the report's table of what every method found, as a person would. */
function foundAtTwentyPercent (tables: { name: string, columns: string[], rows: (string | number | null)[][] }[]): number[] {
  const table = tables.find(one => one.name === 'fraction-found')!
  const column = table.columns.findIndex(name => name.includes('20'))
  const values = table.rows.filter(([method, seed]) => /last/.test(String(method)) && seed !== 'mean').map(row => Number(row[column]))
  assert.ok(values.length > 0, JSON.stringify(table))
  return values
}

test('the aims on real data', { skip, timeout: 1_800_000, concurrency: 2 }, async t => {
  const service = await startService(t)
  const mnist = await uploadMnist(service)
  assert.deepEqual([mnist.counts, mnist.fields.inputs.shape], [{ train: 60000, test: 10000 }, [28, 28, 1]])
  await t.test('MNIST: a CNN on all 60,000 digits, influence of 10 test digits against all of them', async () => {
    await checkTraining(service, mnist.id)
  })
  // Alone, too: it computes in this process, which hears nothing meanwhile.
  await t.test('MNIST: a small clean network gives way to attacks as it does elsewhere', () => checkReference(mnistFolder, aim))
  await t.test('Data Science Bowl 2018: nuclei from a few strokes', () => checkSegments(path.join(data, 'dsb2018'), aim))
  const others: [string, () => Promise<void>][] = [
    ['optdigits: in the memorising regime TracInCP finds the flipped labels first', () => checkMemorised(service)],
    ['MNIST: low frequencies first', () => checkFrequencyPrinciple(service, mnist.id, aim)],
    ['MNIST: leader SGD is no worse than elastic averaging and than one worker, and every worker leads', () => checkLeader(service, mnist.id, aim)],
    ['MNIST: 2 and 9 are separable, and training comes nearer to their margin', () => checkSeparable(service, mnist.id, aim)],
    ['MNIST: a network that was trained against an adversary withstands it', () => checkRobust(service, mnist.id, aim)],
    ['MNIST: a network of the service gives way to attacks', () => checkAttacks(service, mnist.id, aim)],
    ['Adult: categories, missing cells and a test file with other words', () => checkAdult(service, form, aim)],
    ['California housing: values in dollars', () => checkCalifornia(service, form, aim)],
    ['AG News: texts', () => checkNews(service, form, aim)]
  ]
  await Promise.all(others.map(async ([name, check]) => { await t.test(name, check) }))
})
