import assert from 'node:assert/strict'
import test from 'node:test'
import type { RunEvent } from '../../../src/algorithms/contract.js'
import { checkpointsOf } from '../../../src/algorithms/tracin-approximation/checkpoints.js'
import { openData } from '../../../src/algorithms/tracin-approximation/data.js'
import { operations } from '../../../src/influence/operations.js'
import { createResponder } from '../../../src/influence/responder.js'
import type { InfluenceResponse } from '../../../src/influence/schemas.js'
import type { NamedArrays } from '../../../src/math/arrays.js'
import { createMlp } from '../../helpers/exact-mlp.js'
import { bundleOf, indexed } from '../../helpers/bundle.js'
import { generateData } from '../../helpers/drive.js'
import { traceCheckpoints } from '../../influence/trace-ideal.js'
import { openTestEngine } from '../../tensor/helpers.js'
import { algorithm, makeSpec, runAll } from './helpers.js'

function only<T extends RunEvent['type']> (events: RunEvent[], type: T): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type)
}

test('run: TracInCP is the sum over the stored weights by whole gradients, which the stored model answers too', async () => {
  const spec = makeSpec({ seeds: [0], batchSizes: [7] })
  const [trial] = await runAll(spec)
  const checkpoints = only(trial!.events, 'checkpoint')
  // 30 examples in batches of 7 are 5 steps
  assert.deepEqual(checkpoints.map(({ step }) => step), [5, 10, 15, 20])
  const weighed = checkpointsOf(4, 'end', spec, { rate: 0.02, batchSize: 7, examples: 30 })
  assert.deepEqual(checkpoints.map(({ interval }) => interval), weighed.map(({ interval }) => interval))
  assert.deepEqual(checkpoints.map(({ learningRate }) => learningRate), Array(4).fill(0.02))

  const { data } = generateData(algorithm, algorithm.plan(spec)[0]!)
  const exact = sumStored(checkpoints, openData(spec, data!))
  // stored weights are rounded to float32; the pairs are all of them, in another order
  const found = trial!.result.pairs.map(pair => pair[2]!).sort((a, b) => a - b)
  assert.equal(found.length, exact.length)
  exact.toSorted().forEach((value, k) => assert.ok(Math.abs(value - found[k]!) < 1e-6, `${value} is not ${found[k]}`))

  const responder = createResponder(await openTestEngine())
  const bundle = await indexed(responder, bundleOf(trial!.events, data!), 'all')
  const request = { queries: [{ split: 'test', index: 3 }], layers: 'all', topK: 30 }
  const { results: [item], index } = await responder.answer(operations.influence, bundle, request) as InfluenceResponse
  assert.deepEqual([index.weights, index.exact], ['interval', true])
  const scored = [...item!.proponents, ...item!.opponents]
  assert.equal(new Set(scored.map(({ index }) => index)).size, 30)
  for (const { index, score } of scored) assert.ok(Math.abs(score - exact[index * 8 + 3]!) < 1e-5, `${score} is not ${exact[index * 8 + 3]}`)
  responder.close()
})

/** TracInCP of all pairs by gradients that are formed. @returns [train, tests] */
function sumStored (checkpoints: Extract<RunEvent, { type: 'checkpoint' }>[], { train, tests }: ReturnType<typeof openData>): Float64Array {
  const mlp = createMlp({ sizes: [5, 6, 3], activation: 'tanh' })
  const stored = checkpoints.map(({ arrays, interval }) => ({ weights: flatten(arrays), learningRate: interval!.weight }))
  const example = ({ inputs, targets }: typeof train, k: number) => ({ input: inputs.subarray(k * 5, k * 5 + 5), label: targets[k]! })
  return Float64Array.from({ length: train.count * tests.count }, (_, k) =>
    traceCheckpoints(mlp, stored, example(train, Math.floor(k / tests.count)), example(tests, k % tests.count)))
}

test('run: influences are complete, sums of checkpoints agree with themselves, and units are those of the loss', async () => {
  const [trial] = await runAll(makeSpec({ seeds: [0], network: { type: 'softmax' }, learningRates: [0.001], batchSizes: [8] }))
  const { incompleteness, firstOrder, checkpoints, singles, testLoss } = trial!.result
  assert.ok(incompleteness <= 1e-9)
  assert.ok(testLoss.after < testLoss.before)
  // a small step of a smooth loss: what the first order neglects is of the order of the rate
  assert.ok(firstOrder.pearson! > 0.9999 && Math.abs(firstOrder.ratio - 1) < 0.01)
  const whole = checkpoints.find(({ count, at, weights }) => count === 1 && at === 'end' && weights === 'interval')!
  const last = singles.at(-1)!
  assert.deepEqual([last.pearson, last.ratio, last.epoch], [whole.pearson, whole.ratio, 4])
  const most = checkpoints.filter(({ count, weights }) => count === 4 && weights === 'interval')
  for (const { ratio } of most) assert.ok(Math.abs(ratio - 1) < 0.05, `${ratio}`)
  const plain = checkpoints.find(({ count, weights }) => count === 4 && weights === 'rate')!
  assert.ok(plain.ratio > 5, 'plain rates leave the size of the batch out')
})

test('run: values are learned on the squared loss', async () => {
  const data = { generator: { type: 'nonlinear', train: 30, test: 8, noise: 2, seed: 1 } }
  const [trial] = await runAll(makeSpec({ seeds: [0], data, learningRates: [0.005] }))
  const { incompleteness, firstOrder } = trial!.result
  assert.ok(incompleteness <= 1e-9)
  assert.ok(firstOrder.pearson! > 0.95)
  assert.deepEqual(only(trial!.events, 'model')[0]!.network.head, { type: 'values', loss: 'squared' })
})

/** Weights in the order of the layers, weight before bias. */
function flatten (arrays: NamedArrays): Float64Array {
  return Float64Array.from(Object.values(arrays).flatMap(({ data }) => Array.from(data)))
}
