/** What preprocess() must give on every backend: one scale for all numbers, or one for each of the last axis, to the bit. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Preprocessing } from '../../src/datasets/dataset.js'
import { perNumber, seenNumber } from '../../src/datasets/scaling.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { createBlocks } from '../../src/tensor/blocks.js'
import { createFed, createResident, type Source } from '../../src/tensor/batches.js'
import type { Engine } from '../../src/tensor/engine.js'
import { makeTensor } from '../../src/tensor/step.js'
import { makeExamples } from './helpers.js'

const scales: [string, Preprocessing][] = [
  ['one scale for all', { offset: 127.5, scale: 1 / 127.5 }],
  ['a scale for each channel', { offset: [124.2, 116.7, 0], scale: [1 / 58.4, 1 / 57.1, 1] }],
  ['one offset and a scale for each channel', { offset: 100.1, scale: [1 / 3, 1 / 7, 1 / 11] }]
]

/** Makes the tests. */
export function testPreprocess (engine: Engine): void {
  const { tf } = engine
  const pictures: Architecture = { inputShape: [4, 5, 3], layers: [{ type: 'flatten' }, { type: 'dense', units: 4, activation: 'linear' }] }

  function read (source: Source, indices: Int32Array): number[] {
    const fed = source.feed(indices).map((values, i) => makeTensor(engine, source.inputs(indices.length)[i]!, values))
    const { x } = source.batch(fed)
    const values = Array.from(x.dataSync())
    tf.dispose([...fed, x])
    source.dispose()
    return values
  }

  for (const [what, preprocessing] of scales) {
    for (const type of ['uint8', 'float32'] as const) {
      test(`${engine.backend}: ${what}: every source of batches gives ${type} as seenNumber says, to the bit`, () => {
        const examples = { ...makeExamples(pictures, { type }), preprocessing }
        const indices = Int32Array.of(7, 0, 39)
        const numbers = perNumber(preprocessing, 60)
        const expected = Array.from(indices).flatMap(index =>
          Array.from(examples.data.inputs.subarray(index * 60, (index + 1) * 60), (value, k) => seenNumber(value, numbers, k)))
        assert.deepEqual(read(createFed(engine, examples), indices), expected)
        if (engine.backend === 'wasm') return // it has no uint8, and so no resident data
        assert.deepEqual(read(createResident(engine, examples), indices), expected)
        assert.deepEqual(read(createBlocks(engine, examples, { blockBytes: 60 * 8, batchSize: 4 }), indices), expected)
      })
    }
  }
}
