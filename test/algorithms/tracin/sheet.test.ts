import assert from 'node:assert/strict'
import test from 'node:test'
import { decode, encode } from 'fast-png'
import { drawContactSheet } from '../../../src/algorithms/tracin/sheet.js'
import { drawCopiesSheet } from '../../../src/algorithms/tracin/triage/copies-sheet.js'
import type { Copy } from '../../../src/algorithms/tracin/triage/spec.js'
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
    'The most self-influential training examples', 'TracInCP over 1 checkpoint; training labels, what models saw instead, copies; seed 5',
    'wrong label', 'own label', 'a name of …', 'is &lt;b&gt;&amp;&quot;0&quot;\uFFFD', '#1  12.3', '2', '#2  1.0e-5'
  ])
})

test('drawContactSheet: says what the models take an example for where that is another class, and what its copies are', () => {
  const [first, second] = result.ranking
  const ranking = [
    { ...first!, suggestedLabel: 0, probability: 0.874, copyCount: 2, copies: [{ split: 'train', index: 1, label: 2, exact: true }], otherLabels: true },
    { ...second!, suggestedLabel: 2, probability: 0.9, copyCount: 1, copies: [], otherLabels: false }
  ] as TracinResult['ranking']
  const svg = new TextDecoder().decode(drawContactSheet({ ...result, classNames: ['0', '1', '2'], ranking }, [white, white], 5))
  const words = [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(match => match[1]).slice(4)
  assert.deepEqual(words, ['1', 'is 0', 'looks 0, 87 %', 'copy is 2', '#1  12.3', '2', '1 copy', '#2  1.0e-5'])
})

test('drawCopiesSheet: shows the members of a group side by side, those with another label than the first in another colour', async () => {
  const members: Copy[] = [
    { split: 'train', index: 3, label: 0, exact: true }, { split: 'train', index: 9, label: 1, exact: true }, { split: 'test', index: 2, label: 0, exact: false }
  ]
  const copies = { groupCount: 1, conflicting: 2, leaked: 1 }
  const some = { ...result, classNames: ['no', 'yes'], triage: { copies } } as unknown as TracinResult
  const group = { members, count: 5 }
  const svg = new TextDecoder().decode(drawCopiesSheet(some, [{ group, shown: members.map(() => ({ png: white })) }], 5))
  const words = [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(match => match[1]).slice(4)
  assert.deepEqual(words, ['no', 'train 3', 'yes', 'train 9', 'no', 'test 2, near', 'and 2 more'])
  assert.equal(svg.match(/fill="#e4572e"\/>\n<image/g)!.length, 1)
  assert.ok((await draw({ svg, format: 'png' })).length > 0)
  const texts = new TextDecoder().decode(drawCopiesSheet(some, [{ group, shown: members.map(() => ({ text: 'a <b>' })) }], 5))
  assert.match(texts, /test 2 {2}nearly the same {2}no: {2}a &lt;b&gt;<\/text>/)
})

test('drawContactSheet: is an SVG that can be drawn; the frame of a wrong label has another colour', async () => {
  const svg = new TextDecoder().decode(drawContactSheet(result, [white, white], 5))
  const { width, channels, data } = decode(await draw({ svg, format: 'png' }))
  const colourAt = (x: number, y: number) => [...data.subarray((2 * y * width + 2 * x) * channels, (2 * y * width + 2 * x) * channels + 3)]
  const [first, second] = [12 + 41, 12 + 41 + 82]
  assert.deepEqual([first, second].map(x => colourAt(x - 32, 100)), [[0xe4, 0x57, 0x2e], [0xb8, 0xb8, 0xb8]])
  assert.deepEqual(colourAt(first, 100), [255, 255, 255], 'the picture')
})
