/** The contact sheet of a data set: a row for each class with its pictures, for class maps with their pixels marked. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode } from 'fast-png'
import type { Description } from '../../src/datasets/description.js'
import { drawClassSheet, hasClassSheet } from '../../src/figures/dataset/class-sheet.js'
import { draw } from '../../src/figures/draw.js'

const digits: Description = {
  fields: { inputs: { type: 'image', shape: [2, 2, 1], dtype: 'uint8' }, target: { type: 'classes', names: ['a & b', '<c>', 'none'] } }, counts: { train: 5, test: 2 }
}
const example = (label: number, values: number[]) => (
  { fields: { inputs: { type: 'image', shape: [2, 2, 1], values }, target: { type: 'classes', label } } })

/** The pictures of a sheet: place, size and pixels. */
function picturesOf (svg: string) {
  return [...svg.matchAll(/<image[^>]* x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" href="data:image\/png;base64,([^"]+)"/g)].map(([, x, y, width, height, data]) => (
    { x: Number(x), y: Number(y), width: Number(width), height: Number(height), pixels: [...decode(Buffer.from(data!, 'base64')).data] }))
}

test('drawClassSheet: a row for each class, in their order, with names as they are', async () => {
  const svg = drawClassSheet(digits, [example(1, [1, 2, 3, 4]), example(0, [5, 6, 7, 8]), example(1, [9, 9, 9, 9])])
  const drawn = picturesOf(svg)
  assert.deepEqual(drawn.map(({ pixels }) => pixels), [[5, 6, 7, 8], [1, 2, 3, 4], [9, 9, 9, 9]])
  assert.equal(drawn[1]!.y, drawn[2]!.y)
  assert.ok(drawn[0]!.y < drawn[1]!.y && drawn[1]!.x < drawn[2]!.x)
  for (const words of ['>a &amp; b<', '>&lt;c><', '>none<', '>no example<', '>3 classes, 5 + 2 pictures<']) assert.ok(svg.includes(words), words)
  const picture = decode(await draw({ svg, format: 'png' }))
  assert.deepEqual([picture.width, picture.height], /width="(\d+)" height="(\d+)"/.exec(svg)!.slice(1).map(side => 2 * Number(side)))
})

test('drawClassSheet: of a class map the pixels of the row’s class are marked, and only pictures that have it are shown', () => {
  const cells: Description = {
    fields: { inputs: digits.fields.inputs, target: { type: 'classMap', shape: [2, 2], names: ['ground', 'cell'] } }, counts: { train: 2, test: 0 }
  }
  const of = (values: number[], map: number[]) => ({ fields: { inputs: { type: 'image', shape: [2, 2, 1], values }, target: { type: 'classMap', values: map } } })
  const drawn = picturesOf(drawClassSheet(cells, [of([0, 1, 2, 3], [0, 0, 255, 255]), of([9, 9, 9, 9], [1, 255, 255, 255])]))
  assert.deepEqual(drawn.map(({ pixels }) => pixels), [
    [127, 63, 7, 128, 64, 7, 2, 2, 2, 3, 3, 3], // (0 + 255) / 2, (0 + 127) / 2, (0 + 14) / 2, ...
    [132, 68, 11, 9, 9, 9, 9, 9, 9, 9, 9, 9]
  ])
})

test('drawClassSheet: at most ten pictures of a class and fifty classes, whatever comes', () => {
  const names = Array.from({ length: 60 }, (_, i) => `class number ${i} with a name that is much too long for the margin`)
  const many: Description = { fields: { ...digits.fields, target: { type: 'classes', names } }, counts: { train: 1200, test: 0 } }
  const svg = drawClassSheet(many, Array.from({ length: 1200 }, (_, i) => example(i % 60, [0, 0, 0, 0])))
  assert.equal(picturesOf(svg).length, 500)
  assert.ok(svg.includes('>and 10 classes more<') && svg.includes('…<'))
})

test('hasClassSheet: pictures of one, three or four channels with classes', () => {
  assert.equal(hasClassSheet(digits), true)
  const change = (fields: object): boolean => hasClassSheet({ ...digits, fields: { ...digits.fields, ...fields } as Description['fields'] })
  assert.equal(change({ inputs: { type: 'image', shape: [2, 2, 2], dtype: 'uint8' } }), false)
  assert.equal(change({ inputs: { type: 'features', shape: [2], dtype: 'float32' } }), false)
  assert.equal(change({ target: { type: 'values', columns: [{ name: 'x' }] } }), false)
})
