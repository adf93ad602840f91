/** The file of a checkpoint: Adam's moments beside the weights, which a network loads without them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeCheckpoint, encodeCheckpoint } from '../../src/storage/checkpoint-file.js'
import { decodeSafetensors, encodeSafetensors } from '../../src/storage/safetensors.js'

const arrays = { 'layer0.weight': { shape: [2], data: Float32Array.of(1, 2) }, 'layer0.bias': { shape: [1], data: Float32Array.of(3) } }
const moments = { 'layer0.weight': { shape: [2], data: Float32Array.of(4, 5) } }

test('encodeCheckpoint: weights keep their names, moments stand beside them', () => {
  const file = encodeCheckpoint({ arrays, moments }, { step: '7' })
  const { arrays: all, metadata } = decodeSafetensors(file)
  assert.deepEqual(Object.keys(all).sort(), ['layer0.bias', 'layer0.weight', 'moments/layer0.weight'])
  assert.equal(metadata.step, '7')
  assert.deepEqual(decodeCheckpoint(file), { arrays, moments })
})

test('decodeCheckpoint: a file of before, or of an optimizer without moments, has none', () => {
  assert.deepEqual(decodeCheckpoint(encodeSafetensors(arrays)), { arrays, moments: undefined })
  assert.deepEqual(decodeCheckpoint(encodeCheckpoint({ arrays, moments: undefined }, {})), { arrays, moments: undefined })
})
