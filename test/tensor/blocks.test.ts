/** Data that streams through the device in blocks: the same numbers as data that stays there, whatever is asked for. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { NamedArrays } from '../../src/math/arrays.js'
import { openStream } from '../../src/math/random.js'
import { createResident, type Examples, type Source } from '../../src/tensor/batches.js'
import { createBlocks } from '../../src/tensor/blocks.js'
import { gatherRowsInto, openGatherer } from '../../src/tensor/gatherer.js'
import { createNetwork } from '../../src/tensor/network.js'
import { createTrainer } from '../../src/tensor/trainer.js'
import { makeBatches, makeExamples, mlp, openTestEngine } from './helpers.js'

const engine = await openTestEngine()
const needsTensorflow = { skip: engine.native === undefined && 'blocks are for TensorFlow; WASM is fed row by row' }

const rowBytes = 12
/** Blocks of `rows` of the 40 examples. */
const inBlocks = (examples: Examples, rows: number, batchSize = 8): Source =>
  createBlocks(engine, examples, { blockBytes: rows * rowBytes, batchSize })

interface Run { losses: number[], weights: NamedArrays }

function train (source: Source, batches: Int32Array[], options: { mode?: 'eager', orders?: Int32Array[] } = {}): Run {
  const network = createNetwork(engine, mlp, openStream(3, 'init'))
  const trainer = createTrainer(engine, network, { ...makeExamples(mlp), source, optimizer: { type: 'sgd', momentum: 0.9 }, batchSize: 8, ...options })
  const starts = new Map(options.orders?.map((order, epoch) => [epoch * batches.length / options.orders!.length, order]))
  const losses = batches.map((batch, step) => {
    const order = starts.get(step)
    if (order) trainer.expect(order)
    return trainer.step(batch, 0.05)
  })
  const weights = network.save()
  trainer.dispose()
  network.dispose()
  return { losses, weights }
}

/** Three epochs over all 40 examples in batches of 8 but for a last one of 7 and a rest of 1. */
function epochs (): { orders: Int32Array[], batches: Int32Array[] } {
  const orders = [0, 1, 2].map(epoch => Int32Array.from(openStream(5, 'order', epoch).permutation(40)))
  const batches = orders.flatMap(order => [0, 8, 16, 24, 32, 39].map((from, i, all) => order.subarray(from, all[i + 1] ?? 40)))
  return { orders, batches }
}

function shared (examples: Examples): Examples {
  const { data } = examples
  const inputs = new Uint8Array(new SharedArrayBuffer(data.inputs.length))
  inputs.set(data.inputs)
  return { ...examples, data: { ...data, inputs } }
}

for (const [where, place] of Object.entries({ 'shared memory': shared, 'its own memory': (examples: Examples) => examples })) {
  test(`createBlocks: data in ${where} trains to the bit as resident data, for every size of block`, needsTensorflow, () => {
    const { orders, batches } = epochs()
    const examples = place(makeExamples(mlp))
    const resident = train(createResident(engine, examples), batches)
    assert.equal(new Set(resident.losses).size, batches.length)
    for (const rows of [1, 8, 9, 16, 30, 40, 100]) assert.deepEqual(train(inBlocks(examples, rows), batches, { orders }), resident, `${rows} rows`)
  })
}

test('createBlocks: what comes in another order than was said, or unannounced, is right too', needsTensorflow, () => {
  const examples = shared(makeExamples(mlp))
  const batches = makeBatches(40, 8, 12)
  const resident = train(createResident(engine, examples), batches)
  assert.deepEqual(train(inBlocks(examples, 16), batches), resident)
  assert.deepEqual(train(inBlocks(examples, 16), batches, { orders: [Int32Array.from({ length: 40 }, (_, i) => i)] }), resident)
  const half = Int32Array.from(batches.slice(0, 6).flatMap(batch => [...batch]))
  assert.deepEqual(train(inBlocks(examples, 24), batches, { orders: [half] }), resident, 'the order ends before the steps do')
})

test('createBlocks: op by op the same numbers', needsTensorflow, () => {
  const { orders, batches } = epochs()
  const examples = shared(makeExamples(mlp))
  assert.deepEqual(train(inBlocks(examples, 16), batches, { orders, mode: 'eager' }), train(inBlocks(examples, 16), batches, { orders }))
})

test('createBlocks: holds one block on the device, whatever goes through it', needsTensorflow, () => {
  const before = engine.tensorCount()
  const source = inBlocks(shared(makeExamples(mlp)), 16)
  const network = createNetwork(engine, mlp, openStream(3, 'init'))
  const trainer = createTrainer(engine, network, { ...makeExamples(mlp), source, optimizer: { type: 'sgd' }, batchSize: 8 })
  const step = (): void => { for (const batch of makeBatches(40, 8, 5)) trainer.step(batch, 0.01) }
  step()
  network.save()
  const running = engine.tensorCount()
  for (let i = 0; i < 200; i++) step()
  network.save()
  assert.equal(engine.tensorCount(), running)
  assert.deepEqual(source.resident.map(tensor => tensor.shape), [[16, 12]])
  trainer.dispose()
  network.dispose()
  assert.equal(engine.tensorCount(), before)
})

test('openGatherer: gives what is asked, whether asked before, asked otherwise, or never', async () => {
  const source = Float32Array.from({ length: 3000 }, (_, i) => i)
  const inShared = new Float32Array(new SharedArrayBuffer(source.byteLength))
  inShared.set(source)
  for (const rows of [source, inShared]) {
    const gatherer = openGatherer(rows, 3, 50)
    const stream = openStream(2, 'rows')
    for (let i = 0; i < 300; i++) {
      const asked = Int32Array.from({ length: 1 + stream.integer(50) }, () => stream.integer(1000))
      const wanted = i % 3 === 0 ? asked.map(index => 999 - index) : asked
      if (i % 5 > 0) gatherer.request(asked)
      if (i % 7 === 0) await new Promise(resolve => setTimeout(resolve, 2)) // time for the thread to begin, or to end
      const expected = new Float32Array(wanted.length * 3)
      gatherRowsInto(source, 3, wanted, expected)
      assert.deepEqual(gatherer.take(wanted).slice(0, expected.length), expected)
    }
    gatherer.close()
  }
})
