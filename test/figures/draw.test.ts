import assert from 'node:assert/strict'
import test from 'node:test'
import { draw } from '../../src/figures/draw.js'

const bars = {
  data: { values: [{ name: 'left', value: 3 }, { name: 'right', value: 5 }] },
  mark: 'bar',
  encoding: { x: { field: 'name', type: 'nominal' }, y: { field: 'value', type: 'quantitative' } }
}

test('draw: svg is text with the data’s labels in the shipped font', async () => {
  const svg = new TextDecoder().decode(await draw({ vegaLite: bars, format: 'svg' }))
  assert.match(svg, /^<svg[\s\S]*<\/svg>$/)
  assert.match(svg, />left</)
  assert.match(svg, /font-family="DejaVu Sans/)
})

test('draw: png is a picture of twice the size in which the font’s letters are drawn', async () => {
  const withText = Buffer.from(await draw({ vegaLite: bars, format: 'png' }))
  assert.deepEqual([...withText.subarray(0, 4)], [0x89, 0x50, 0x4E, 0x47])
  const quiet = { ...bars, config: { axis: { labels: false, title: null } } }
  assert.ok(withText.length > Buffer.from(await draw({ vegaLite: quiet, format: 'png' })).length)
})

test('draw: a figure that refers to anything outside is refused', async () => {
  const reaching = { ...bars, data: { url: 'https://example.org/data.json' } }
  await assert.rejects(draw({ vegaLite: reaching, format: 'svg' }), /data inside/)
})

test('draw: what is no Vega-Lite is an error', async () => {
  await assert.rejects(draw({ vegaLite: { mark: 'bar', encoding: { x: { field: 'a', type: 'no such type' } }, layer: 3 }, format: 'svg' }))
})
