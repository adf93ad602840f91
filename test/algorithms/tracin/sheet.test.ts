import assert from 'node:assert/strict'
import test from 'node:test'
import { decode, encode } from 'fast-png'
import { drawContactSheet } from '../../../src/algorithms/tracin/sheet.js'
import type { TracinResult } from '../../../src/algorithms/tracin/spec.js'
import { draw } from '../../../src/figures/draw.js'

const white = encode({ width: 1, height: 1, channels: 1, depth: 8, data: Uint8Array.of(255) })
const result = {
  checkpoints: [{ epoch: 1, step: 3, learningRate: 0.1 }],
  flipped: [7],
  ranking: [{ index: 7, label: 1, trueLabel: 0, score: 12.345 }, { index: 2, label: 2, trueLabel: 2, score: 0.00001 }],
  classNames: ['<b>&"0"\u0007', 'a name of many letters']
} as unknown as TracinResult

test('drawContactSheet: every picture with the training label, the own one where that is another, and its score', () => {
  const svg = new TextDecoder().decode(drawContactSheet(result, [white, white], 5))
  const words = [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(match => match[1])
  assert.deepEqual(words, [
    'The most self-influential training examples', 'TracInCP over 1 checkpoint; under each its training label; seed 5',
    'wrong label', 'own label', 'a name of …', 'is &lt;b&gt;&amp;&quot;0&quot;\uFFFD', '#1  12.3', '2', '#2  1.0e-5'
  ])
})

test('drawContactSheet: is an SVG that can be drawn; the frame of a wrong label has another colour', async () => {
  const svg = new TextDecoder().decode(drawContactSheet(result, [white, white], 5))
  const { width, channels, data } = decode(await draw({ svg, format: 'png' }))
  const colourAt = (x: number, y: number) => [...data.subarray((2 * y * width + 2 * x) * channels, (2 * y * width + 2 * x) * channels + 3)]
  const [first, second] = [12 + 41, 12 + 41 + 82]
  assert.deepEqual([first, second].map(x => colourAt(x - 32, 100)), [[0xe4, 0x57, 0x2e], [0xb8, 0xb8, 0xb8]])
  assert.deepEqual(colourAt(first, 100), [255, 255, 255], 'the picture')
})
