/** The file of a checkpoint: Adam's moments beside the weights, which a network loads without them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeCheckpoint, encodeCheckpoint } from '../../src/storage/checkpoint-file.js'
import { decodeSafetensors, encodeSafetensors } from '../../src/storage/safetensors.js'

const arrays = { 'layer0.weight': { shape: [2], data: Float32Array.of(1, 2) }, 'layer0.bias': { shape: [1], data: Float32Array.of(3) } }
const moments = { 'layer0.weight': { shape: [2], data: Float32Array.of(4, 5) } }
const targets = { labelling: { shape: [1, 2], data: Uint8Array.of(1, 255) } }

test('encodeCheckpoint: weights keep their names, moments and what was learned stand beside them', () => {
  const file = encodeCheckpoint({ arrays, moments, targets }, { step: '7' })
  const { arrays: all, metadata } = decodeSafetensors(file)
  assert.deepEqual(Object.keys(all).sort(), ['layer0.bias', 'layer0.weight', 'moments/layer0.weight', 'targets/labelling'])
  assert.equal(metadata.step, '7')
  assert.deepEqual(decodeCheckpoint(file), { arrays, moments, targets })
})

test('decodeCheckpoint: a file of before, or of an optimizer without moments, has none', () => {
  const bare = { arrays, moments: undefined, targets: undefined }
  assert.deepEqual(decodeCheckpoint(encodeSafetensors(arrays)), bare)
  assert.deepEqual(decodeCheckpoint(encodeCheckpoint(bare, {})), bare)
})
