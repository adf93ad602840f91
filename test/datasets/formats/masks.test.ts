/** Archives of pictures with masks and scribbles: numbers are classes, whatever colours they show; what may be misread is refused. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { UNLABELLED } from '../../../src/datasets/unlabelled.js'
import { jpeg, palettePng, png, pngOf, preparePictures, zipOf, type Files } from '../pictures.js'

const image = png(2, 2, [1, 2, 3, 4])

/** Reads one training picture of 2 x 2 with a mask. @returns classes and names */
async function read (t: TestContext, mask: Uint8Array, options: Record<string, unknown> = {}, more: Files = {}) {
  const files = { 'train/images/a.png': image, 'train/masks/a.png': mask, 'test/images/b.png': image, 'test/masks/b.png': png(2, 2, 0), ...more }
  const { fields, train, report } = await preparePictures(t, { train: zipOf(files), options: { classNames: ['ground', 'cell', 'edge'], ...options } })
  return { map: [...train.arrays.target!], names: (fields.target as { names: string[] }).names, fields, train, report }
}

test('masks: numbers of a palette are the classes, in 1, 2, 4 and 8 bits; 255 is unlabelled', async t => {
  const colours = Array.from({ length: 256 }, (_, i) => [i, 255 - i, 77]) // whose grey values are other numbers
  assert.deepEqual((await read(t, palettePng(2, 2, [0, 1, 2, 255], colours))).map, [0, 1, 2, UNLABELLED])
  assert.deepEqual((await read(t, palettePng(2, 2, [0, 1, 2, 1], colours.slice(0, 16), { depth: 4 }))).map, [0, 1, 2, 1])
  assert.deepEqual((await read(t, palettePng(2, 2, [0, 1, 2, 1], colours.slice(0, 4), { depth: 2 }))).map, [0, 1, 2, 1])
  assert.deepEqual((await read(t, palettePng(2, 2, [0, 1, 1, 0], [[200, 0, 0], [0, 0, 9]], { depth: 1 }))).map, [0, 1, 1, 0])
  const showsThrough = palettePng(2, 2, [0, 1, 2, 1], colours.slice(0, 4), { depth: 2, alphas: [0] })
  assert.deepEqual((await read(t, showsThrough)).map, [0, 1, 2, 1])
})

test('masks: grey in 8 and 16 bits, with an alpha that hides nothing', async t => {
  assert.deepEqual((await read(t, png(2, 2, [0, 1, 2, 255]))).map, [0, 1, 2, UNLABELLED])
  assert.deepEqual((await read(t, png(2, 2, [0, 1, 2, 255], { depth: 16 }))).map, [0, 1, 2, UNLABELLED])
  assert.deepEqual((await read(t, png(2, 2, [0, 255, 1, 255, 2, 255, 1, 255], { channels: 2 }))).map, [0, 1, 2, 1])
  const values = { 0: 0, 300: 1, 60000: 2 }
  assert.deepEqual((await read(t, png(2, 2, [0, 300, 60000, 255], { depth: 16 }), { maskValues: values })).map, [0, 1, 2, UNLABELLED])
})

test('masks: 0 and 255 alone are refused until somebody says which they are', async t => {
  const mask = png(2, 2, [0, 255, 255, 0])
  const refused = { code: 'invalid_dataset', detail: 'file "train.zip": masks must have numbers that say their class, got 0 and 255 only, where 255 may be a class or unlabelled; say maskValues={"0": 0, "255": 1} or {"0": 0, "255": 255}' }
  await assert.rejects(read(t, mask, { classNames: undefined }), refused)
  const told = await read(t, mask, { classNames: undefined, maskValues: { 0: 0, 255: 1 } })
  assert.deepEqual([told.map, told.names], [[0, 1, 1, 0], ['0', '1']])
  const unlabelled = await read(t, mask, { classNames: undefined, maskValues: { 0: 0, 255: 255 } })
  assert.deepEqual([unlabelled.map, unlabelled.names], [[0, 255, 255, 0], ['0']])
  assert.deepEqual((await read(t, mask)).map, [0, 255, 255, 0]) // classNames say that 255 is none
})

test('masks: without a word numbers are their classes; a picture without a labelled pixel is one', async t => {
  const bare = { classNames: undefined }
  const found = await read(t, png(2, 2, [0, 3, 1, 255]), bare)
  assert.deepEqual([found.map, found.names], [[0, 3, 1, 255], ['0', '1', '2', '3']])
  assert.deepEqual(found.report.classes.map(({ train, test }) => [train, test]), [[1, 1], [1, 0], [0, 0], [1, 0]])
  assert.deepEqual(found.report.warnings, [{ code: 'rare_class', text: 'the class "2" has no pixel to train on' }])
  assert.deepEqual((await read(t, png(2, 2, 255))).map, [255, 255, 255, 255])
  await assert.rejects(read(t, png(2, 2, 255), bare, { 'test/masks/b.png': png(2, 2, 255) }), { code: 'invalid_dataset', detail: /masks must have a labelled pixel, got none; say classNames/ })
})

test('masks: colours are classes where they are told', async t => {
  const red = [255, 0, 0]
  const mask = png(2, 2, [...red, 0, 0, 0, 0, 0, 255, 0, 0, 0], { channels: 3 })
  const maskColours = { '#000000': 0, '#FF0000': 1, '#0000ff': 255 }
  assert.deepEqual((await read(t, mask, { maskColours })).map, [1, 0, UNLABELLED, 0])
  await assert.rejects(read(t, mask), {
    code: 'invalid_dataset',
    detail: 'file "train.zip": the picture "train/masks/a.png" must have a palette or be grey, got colours (#ff0000, #000000, #0000ff); say which classes they are: maskColours={"#ff0000": 0, ...}'
  })
  await assert.rejects(read(t, mask, { maskColours: { '#000000': 0, '#ff0000': 1 } }), {
    code: 'invalid_dataset', detail: 'file "train.zip": the picture "train/masks/a.png" must have #000000, #ff0000 at pixel (x 0, y 1), got #0000ff'
  })
})

test('masks: are resized as their pictures, and no new numbers come of it', async t => {
  const picture = png(4, 8, Array.from({ length: 32 }, (_, i) => i % 8 < 4 ? 0 : 200))
  const mask = png(4, 8, Array.from({ length: 32 }, (_, i) => i % 8 < 4 ? 0 : 2))
  const resized = async (size: [number, number], fit: string) => {
    const { train } = await preparePictures(t, {
      train: zipOf({ 'images/a.png': picture, 'masks/a.png': mask, 'images/b.png': picture, 'masks/b.png': mask }), options: { size, fit, classNames: ['a', 'b', 'c'], testCount: 1 }
    })
    return { map: [...train.arrays.target!], pixels: [...train.arrays.inputs!] }
  }
  const { map: halved, pixels: [dark = -1, bright = -1] } = await resized([1, 2], 'stretch')
  assert.deepEqual(halved, [0, 2])
  assert.ok(dark < 20 && bright > 180, `${dark}, ${bright}`) // Lanczos looks beyond the halves
  assert.deepEqual((await resized([2, 2], 'crop')).map, [0, 2, 0, 2])
  assert.deepEqual((await resized([4, 4], 'pad')).map, [255, 255, 255, 255, 0, 0, 2, 2, 0, 0, 2, 2, 255, 255, 255, 255])
  const { map, pixels } = await resized([7, 13], 'stretch')
  assert.deepEqual([...new Set(map)], [0, 2])
  assert.ok(pixels.some(value => value > 0 && value < 200)) // pictures have them
})

test('masks: where pictures are laid on black, the extent says where each lies, apart from its own unlabelled pixels', async t => {
  const wide = { 'train/images/a.png': png(1, 4, [1, 2, 3, 4]), 'train/masks/a.png': png(1, 4, [0, 1, 255, 2]) }
  const small = { 'test/images/b.jpg': await jpeg(2, 2, Uint8Array.of(90, 90, 90, 90)), 'test/masks/b.png': png(2, 2, [1, 1, 1, 0]) }
  const laid = async (fit: string, size: number[]) => await preparePictures(t, {
    train: zipOf({ ...wide, ...small }), options: { size, fit, classNames: ['a', 'b', 'c'] }
  })
  const { fields, train, test } = await laid('keep', [3, 4])
  assert.deepEqual(fields.extent, { type: 'values', columns: ['top', 'left', 'height', 'width'].map(name => ({ name, unit: 'px' })) })
  assert.deepEqual([train, test].map(({ arrays }) => [...arrays.extent!]), [[1, 0, 1, 4], [0, 1, 2, 2]])
  assert.deepEqual([...train.arrays.inputs!], [0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0])
  assert.deepEqual([...train.arrays.target!], [255, 255, 255, 255, 0, 1, 255, 2, 255, 255, 255, 255])
  assert.deepEqual([...test.arrays.target!], [255, 1, 1, 255, 255, 1, 0, 255, 255, 255, 255, 255])
  assert.deepEqual(Array.from(test.arrays.inputs!, value => Number(value > 80)), [0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0])

  const padded = await laid('pad', [4, 4])
  assert.deepEqual([padded.train, padded.test].map(({ arrays }) => [...arrays.extent!]), [[1, 0, 1, 4], [0, 0, 4, 4]])
  assert.ok(!('extent' in (await laid('stretch', [4, 4])).fields))
  const alike = zipOf({ ...wide, 'test/images/b.png': png(1, 4), 'test/masks/b.png': png(1, 4) })
  const whole = await preparePictures(t, { train: alike, options: { size: [1, 4], fit: 'keep' } })
  assert.ok(!('extent' in whole.fields), 'all fill their frame')
  await assert.rejects(laid('keep', [4, 3]), {
    code: 'invalid_dataset',
    detail: 'file "train.zip": the picture "train/images/a.png" must have at most the size [4, 3], as fit is keep, got [1, 4]; pad makes larger ones smaller'
  })
  await assert.rejects(laid('keep', [1, 4]), {
    code: 'invalid_dataset', detail: /"test\/images\/b.jpg" must have at most the size \[1, 4\], as fit is keep, got \[2, 2\]/
  })
})

test('masks: scribbles are a field of their own, matched by name whatever the extension', async t => {
  const scribble = png(2, 2, [255, 1, 255, 255])
  const { train, fields } = await read(t, png(2, 2, [0, 1, 1, 0]), {}, { 'train/scribbles/a.png': scribble, 'test/scribbles/b.png': scribble })
  assert.deepEqual(fields.scribbles, { type: 'classMap', shape: [2, 2], names: ['ground', 'cell', 'edge'] })
  assert.deepEqual([...train.arrays.scribbles!], [255, 1, 255, 255])
  const photograph = await jpeg(2, 2, Uint8Array.of(9, 9, 9, 9))
  const named = { 'x/a.jpg': photograph, 'y/a.png': png(2, 2, 1), 'x/b.jpg': photograph, 'y/b.png': png(2, 2, 0) }
  const { counts } = await preparePictures(t, { train: zipOf(named), options: { folders: { images: 'x', masks: 'y' }, testCount: 1 } })
  assert.deepEqual(counts, { train: 1, test: 1 })
})

const mask = png(2, 2, [0, 1, 2, 0])
const photograph = await jpeg(2, 2, Uint8Array.of(0, 1, 2, 0))
const refused: [fact: string, changes: { mask?: Uint8Array, options?: Record<string, unknown>, more?: Files }, detail: RegExp][] = [
  ['an unknown number', { mask: png(2, 2, [0, 1, 7, 0]) }, /"train\/masks\/a.png" must have 0 \.\. 2 or 255 at pixel \(x 0, y 1\), got 7; maskValues says what other numbers mean/],
  ['a number that maskValues leaves out', { options: { maskValues: { 0: 0, 1: 1 } } }, /must have 0, 1 or 255 at pixel \(x 0, y 1\), got 2/],
  ['a JPEG', { mask: photograph }, /"train\/masks\/a.png" must be a PNG as every mask, got a JPEG, which changes the numbers of its pixels/],
  ['another size than the picture’s', { mask: png(2, 3) }, /"train\/masks\/a.png" must have the size \[2, 2\] of its picture "train\/images\/a.png", got \[2, 3\]/],
  ['a mask that shows through', { mask: png(2, 2, [0, 255, 1, 255, 2, 9, 0, 255], { channels: 2 }) }, /must be opaque as every mask, got alpha 9 at pixel \(x 0, y 1\)/],
  ['a picture without a mask', { more: { 'train/images/c.png': image } }, /the picture "train\/images\/c.png" must have one of its name in masks, got none/],
  ['a mask without a picture', { more: { 'train/masks/c.png': mask } }, /the member "train\/masks\/c.png" must have a picture of its name in images, got none/],
  ['two pictures of a name', { more: { 'train/images/a.jpg': photograph } }, /must have a name of its own without its extension, got that of "train\/images\/a.jpg"/],
  ['another folder', { more: { 'train/instances/a.png': mask } }, /"train\/instances\/a.png" must lie in images, masks or scribbles, as there are masks/],
  ['scribbles of one split', { more: { 'train/scribbles/a.png': mask } }, /both splits must have scribbles or none of them/],
  ['a class without a name', { options: { maskValues: { 0: 0, 1: 1, 2: 3 } } }, /the class of 2 must be 0 \.\. 2, as classNames has 3, got 3/],
  ['a palette that is missing', { mask: pngOf({ width: 2, height: 2, type: 3 }, [['IDAT', Buffer.alloc(9)]]) }, /must have a palette, got none/],
  ['no pixels', { mask: pngOf({ width: 2, height: 2 }, []) }, /must have pixels that can be unpacked/]
]
for (const [fact, { mask: changed = mask, options, more }, detail] of refused) {
  test(`masks: refuses ${fact}`, async t => {
    await assert.rejects(read(t, changed, options, more), { name: 'AppError', code: 'invalid_dataset', detail })
  })
}
