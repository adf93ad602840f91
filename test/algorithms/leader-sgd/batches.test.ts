import assert from 'node:assert/strict'
import test from 'node:test'
import { openStream } from '../../../src/math/random.js'
import { createBatches, type BatchesOptions } from '../../../src/algorithms/leader-sgd/problems/batches.js'

const random = (purpose: string, ...keys: number[]) => openStream(5, purpose, ...keys)
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)
const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b)

/** The row that a worker's batches are cut from, as long as some passes. */
function rowOf (options: Omit<BatchesOptions, 'random'>, worker: number, length: number): number[] {
  const batchOf = createBatches({ ...options, random })
  return upTo(Math.ceil(length / options.batchSize)).flatMap(step => [...batchOf(worker, step)]).slice(0, length)
}

test('createBatches, sharded: in every pass the shares of uneven workers are all examples, each once, and every batch is whole', () => {
  const options = { count: 23, workers: 3, batchSize: 4, share: 'sharded' as const }
  const sizes = [7, 8, 8]
  const passes = upTo(3).map(pass => sizes.map((size, worker) =>
    rowOf(options, worker, size * 3).slice(pass * size, (pass + 1) * size)))
  for (const shares of passes) assert.deepEqual(sorted(shares.flat()), upTo(23))
  assert.notDeepEqual(sorted(passes[0]![0]!), sorted(passes[1]![0]!), 'shares are drawn anew')
  const batchOf = createBatches({ ...options, random })
  for (const step of upTo(20)) assert.equal(batchOf(0, step).length, 4)
})

test('createBatches, full: every worker sees all examples in every pass, in an order of its own', () => {
  const options = { count: 10, workers: 2, batchSize: 3, share: 'full' as const }
  const rows = [0, 1].map(worker => rowOf(options, worker, 20))
  for (const row of rows) for (const from of [0, 10]) assert.deepEqual(sorted(row.slice(from, from + 10)), upTo(10))
  assert.equal(new Set(rows.flatMap(row => [row.slice(0, 10), row.slice(10)]).map(String)).size, 4)
  assert.deepEqual(rowOf({ ...options, workers: 5 }, 1, 20), rows[1], 'whoever else there is')
})

test('createBatches: a batch is a function of worker and step, whatever was asked before', () => {
  const options = { count: 23, workers: 3, batchSize: 7, share: 'sharded' as const, random }
  const batchOf = createBatches(options)
  for (const step of [0, 9, 1, 4, 3, 2]) {
    for (const worker of [2, 0, 1]) assert.deepEqual(batchOf(worker, step), createBatches(options)(worker, step))
  }
})
