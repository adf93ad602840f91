/** `npm run segment`: a folder of pictures, good and bad, and its command line. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { parseStrokes, readArguments } from '../../scripts/segment/arguments.js'
import { decodePng, readPngHeader } from '../../src/datasets/formats/pictures/png.js'
import { segmentFolder, type FolderTask } from '../../src/segmentation/pictures/folder.js'
import { png } from '../datasets/pictures.js'
import { temporaryFolder } from '../helpers/folder.js'
import { drawRectangle } from './pictures.js'

const { truth, ...pixels } = drawRectangle(8, 12, [[200, 10, 10], [10, 10, 200]])
const picture = png(8, 12, [...pixels.data], { channels: 3 })
const strokes = JSON.stringify([{ label: 0, width: 1, points: [[0, 0], [5, 0]] }, { label: 1, width: 1, points: [[5, 4]] }])

/** Three folders and a task for them. */
function makeTask (): { task: FolderTask, lines: string[], place: (...names: string[]) => string } {
  const folder = temporaryFolder()
  const place = (...names: string[]): string => path.join(folder, ...names)
  for (const name of ['pictures', 'seeds', 'out']) mkdirSync(place(name))
  const lines: string[] = []
  const task = readArguments([place('pictures'), '--seeds', place('seeds'), '--out', place('out'), '--overlay', '--threads', '2', '--pairs', '{"type": "grid", "lambda": 5}'], 1000, line => { lines.push(line) })
  assert.ok(task !== 'help')
  return { task, lines, place }
}

test('segmentFolder: masks of good pictures, bad ones told, nothing written elsewhere', async () => {
  const { task, lines, place } = makeTask()
  for (const name of ['a.png', 'b.PNG', 'none.png', 'words.png', 'wrong.png']) writeFileSync(place('pictures', name), picture)
  writeFileSync(place('pictures', 'broken.jpg'), 'no picture')
  writeFileSync(place('pictures', 'notes.txt'), 'left alone')
  for (const name of ['a', 'broken']) writeFileSync(place('seeds', `${name}.json`), strokes)
  writeFileSync(place('seeds', 'b.png'), png(8, 12, Array.from({ length: 96 }, (_, p) => p < 6 ? 0 : p === 53 ? 1 : 255)))
  writeFileSync(place('seeds', 'words.json'), '[{')
  writeFileSync(place('seeds', 'wrong.json'), '[{"label": 0, "point": []}]')
  writeFileSync(place('elsewhere.png'), 'not ours')
  symlinkSync(place('elsewhere.png'), place('out', 'a.png'))
  const inputs = [readdirSync(place('pictures')), readdirSync(place('seeds'))]

  assert.deepEqual(await segmentFolder(task), { done: 2, failed: 4 })
  assert.deepEqual(readdirSync(place('out')).sort(), ['a.overlay.png', 'a.png', 'b.overlay.png', 'b.png'])
  assert.equal(readFileSync(place('elsewhere.png'), 'utf8'), 'not ours', 'a link is replaced, not followed')
  assert.deepEqual([readdirSync(place('pictures')), readdirSync(place('seeds'))], inputs)
  for (const name of ['a', 'b']) {
    const of = { file: { path: '', name }, name, bytes: readFileSync(place('out', `${name}.png`)) }
    assert.deepEqual(decodePng(of, readPngHeader(of)).samples, truth)
  }
  const told = (file: string): string => lines.find(line => line.startsWith(`${file}: `))!
  assert.match(told('a.png'), /^a\.png: 72 \+ 24 pixels, energy/)
  assert.match(told('broken.jpg'), /not segmented: .* must be a PNG or JPEG picture/)
  assert.match(told('none.png'), /not segmented: there must be seeds, none\.png or none\.json/)
  assert.match(told('words.png'), /not segmented: strokes must be JSON/)
  assert.match(told('wrong.png'), /not segmented: strokes\[0\]\./)
  assert.equal(lines.length, 6)
})

test('segmentFolder: of two pictures with one name only the first is segmented; folders that are one are refused', async () => {
  const { task, lines, place } = makeTask()
  for (const name of ['a.jpg', 'a.png']) writeFileSync(place('pictures', name), picture)
  writeFileSync(place('seeds', 'a.json'), strokes)
  assert.deepEqual(await segmentFolder(task), { done: 1, failed: 1 })
  assert.ok(lines.includes('a.png: not segmented: its mask would be that of a.jpg, too'), lines.join('\n'))
  await assert.rejects(segmentFolder({ ...task, out: task.pictures }), { name: 'OperatorError', message: /^--out must be another folder/ })
  await assert.rejects(segmentFolder({ ...task, pictures: place('nowhere') }), { message: /^There is no folder .*nowhere/ })
  await assert.rejects(segmentFolder({ ...task, pictures: place('seeds'), out: place('empty') }), { message: /^There is no picture/ })
  assert.ok(existsSync(place('empty')))
})

test('readArguments: what is wrong is named', () => {
  const folders = ['in', '--seeds', 's', '--out', 'o']
  const cases: [string[], RegExp][] = [
    [[], /^One folder of pictures must be named, got 0/],
    [['in', 'more', ...folders.slice(1)], /got 2/],
    [['in', '--seeds', 's'], /^--out must name a folder/],
    [[...folders, '--lambda', '3'], /Unknown option '--lambda'/],
    [[...folders, '--labels', '1'], /^--labels must be >= 2, got 1/],
    [[...folders, '--pairs', '{'], /^--pairs must be JSON/],
    [[...folders, '--colours', '{"type": "mixture", "bins": 3}'], /^--colours\.bins is not a known field/],
    [[...folders, '--threads', '0'], /^--threads must be a whole number/]
  ]
  for (const [args, message] of cases) assert.throws(() => readArguments(args, 1000, () => {}), { name: 'OperatorError', message })
  assert.equal(readArguments(['--help'], 1000, () => {}), 'help')
  assert.throws(() => parseStrokes('{}'), { name: 'OperatorError', message: /^strokes must be array/ })
})
