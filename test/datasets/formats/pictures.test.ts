/** Archives of pictures by class: which folders are classes and splits, what is passed over, and what is refused by name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync, gzipSync } from 'node:zlib'
import { jpeg, palettePng, png, pngOf, preparePictures, tarOf, zipOf, type Files } from '../pictures.js'
import { zip } from '../zips.js'

const two: Files = { 'cats/1.png': png(2, 2, 1), 'cats/2.png': png(2, 2, 2), 'dogs/1.png': png(2, 2, 3), 'dogs/2.png': png(2, 2, 4) }
const cut = { options: { testCount: 1 } }

test('pictures: folders are classes; the same folders in zip, tar and tar.gz are the same data set', async t => {
  const { fields, counts, train, test, sha256, report } = await preparePictures(t, { train: zipOf(two), ...cut })
  assert.deepEqual(fields, { inputs: { type: 'image', shape: [2, 2, 1], dtype: 'uint8' }, target: { type: 'classes', names: ['cats', 'dogs'] } })
  assert.deepEqual(counts, { train: 3, test: 1 })
  assert.deepEqual([...train.arrays.inputs!, ...test.arrays.inputs!].sort(), [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4])
  for (const { arrays: { inputs, target } } of [train, test]) {
    target!.forEach((label, row) => { assert.equal(label, inputs![row * 4]! > 2 ? 1 : 0) })
  }
  assert.deepEqual(report.classes.map(({ name, train, test }) => [name, train + test]), [['cats', 2], ['dogs', 2]])
  const turned = Object.fromEntries(Object.entries(two).reverse())
  const tar = await tarOf(two)
  for (const archive of [zipOf(turned, false), tar, gzipSync(tar)]) {
    assert.equal((await preparePictures(t, { train: archive, ...cut })).sha256, sha256)
  }
})

test('pictures: a zip made on a Mac has the pictures that it shows; what the system left is passed over and counted', async t => {
  const mac = { ...two, '.DS_Store': 'x', 'cats/.DS_Store': 'x', '__MACOSX/cats/._1.png': 'x', '.ipynb_checkpoints/x.png': 'x', 'dogs/Thumbs.db': 'x' }
  const { fields, counts, report } = await preparePictures(t, { train: zipOf(mac), ...cut })
  assert.deepEqual([fields.target, counts], [{ type: 'classes', names: ['cats', 'dogs'] }, { train: 3, test: 1 }])
  assert.deepEqual(report.skipped, [{ what: 'hidden files (.DS_Store, __MACOSX and the like)', count: 5 }])
  for (const birds of ['birds/', 'birds/.DS_Store']) {
    await assert.rejects(preparePictures(t, { train: zipOf({ ...mac, [birds]: '' }), ...cut }), {
      code: 'invalid_dataset', detail: 'file "train.zip": the folder "birds" must have a picture of its class to train on, got none; leave it out of the archive'
    })
  }
})

test('pictures: names of folders are one whether composed, decomposed or in the code page of DOS', async t => {
  const names = ['Vo\u0308gel/1.png', 'V\u00f6gel/2.png', Buffer.from('V\x94gel/3.png', 'latin1')] // a Mac, UTF-8, code page 437
  const train = zip([...names.map((name, i) => ({ name, data: png(1, 1, i) })), { name: 'B\u00e4ren/1.png', data: png(1, 1, 9) }])
  const { fields, counts } = await preparePictures(t, { train, ...cut })
  assert.deepEqual([fields.target, counts.train], [{ type: 'classes', names: ['B\u00e4ren', 'V\u00f6gel'] }, 3])
  const twins = zip(['Vo\u0308gel/1.png', 'V\u00f6gel/1.png'].map(name => ({ name, data: png(1, 1) })))
  await assert.rejects(preparePictures(t, { train: twins }), { code: 'invalid_dataset', detail: /every member must have a name of its own, got "Vögel\/1.png" twice/ })
})

test('pictures: classes of the test folder are matched by name, and numbers are sorted as numbers', async t => {
  const angles: Files = { 'train/0/a.png': png(1, 1, 0), 'train/90/a.png': png(1, 1, 90), 'train/180/a.png': png(1, 1, 180), 'train/270/a.png': png(1, 1, 27) }
  const test: Files = { 'test/0/a.png': png(1, 1, 0), 'test/90/a.png': png(1, 1, 90), 'test/270/a.png': png(1, 1, 27) }
  const data = await preparePictures(t, { train: zipOf({ ...test, ...angles }) })
  assert.deepEqual(data.fields.target, { type: 'classes', names: ['0', '90', '180', '270'] })
  // pictures stay in the order of their paths
  assert.deepEqual([[...data.train.arrays.target!], [...data.test.arrays.target!]], [[0, 2, 3, 1], [0, 3, 1]])
  assert.deepEqual([...data.test.arrays.inputs!], [0, 27, 90])
  assert.deepEqual(data.report.warnings, [{ code: 'rare_class', text: '4 classes have less than 2 examples to train on: 0 (1), 90 (1), 180 (1), 270 (1)' }])
  const months = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`set/${i + 1}/a.png`, png(1, 1, i)]))
  const { fields } = await preparePictures(t, { train: zipOf(months) })
  assert.deepEqual((fields.target as { names: string[] }).names, ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'])
  const strange = { ...angles, ...test, 'test/45/a.png': png(1, 1) }
  await assert.rejects(preparePictures(t, { train: zipOf(strange) }), {
    code: 'invalid_dataset', detail: 'file "train.zip": the folder "45" of the test split must be a class of the training split, which has "0", "90", "180", "270"'
  })
})

test('pictures: train and test come as folders, as two archives, wrapped or not, and val is the test split where there is no other', async t => {
  const train = { 'a/1.png': png(1, 1, 1), 'b/1.png': png(1, 1, 2) }
  const test = { 'b/2.png': png(1, 1, 3) }
  const below = (folder: string, files: Files) => Object.fromEntries(Object.entries(files).map(([name, data]) => [`${folder}/${name}`, data]))
  const whole = await preparePictures(t, { train: zipOf({ ...below('train', train), ...below('test', test) }) })
  assert.deepEqual([[...whole.train.arrays.inputs!], [...whole.test.arrays.inputs!], [...whole.test.arrays.target!]], [[1, 2], [3], [1]])
  const wrapped = await preparePictures(t, { train: zipOf(below('my data', { ...below('Train', train), ...below('Test', test) })) })
  const apart = await preparePictures(t, { train: zipOf(train), test: zipOf(below('photos', test)) })
  const named = await preparePictures(t, { train: zipOf(below('train', train)), test: zipOf(below('test', test)) })
  const validation = await preparePictures(t, { train: zipOf({ ...below('train', train), ...below('val', test) }) })
  for (const { sha256 } of [wrapped, apart, named, validation]) assert.equal(sha256, whole.sha256)
  assert.ok(validation.report.warnings.some(({ code, text }) => code === 'validation_is_test' && text === 'the folder "val" became the test split, as there is no folder test'))
  const three = await preparePictures(t, { train: zipOf({ ...below('train', train), ...below('val', test), ...below('test', test) }) })
  assert.deepEqual(three.report.skipped, [{ what: 'pictures of the validation folder, as there is a folder test', count: 1 }])
  const trains = await preparePictures(t, { train: zipOf({ 'train/1.png': png(1, 1), 'bus/1.png': png(1, 1), 'train/2.png': png(1, 1) }), ...cut })
  assert.deepEqual(trains.fields.target, { type: 'classes', names: ['bus', 'train'] }) // a class may be called train
})

test('pictures: all have one size, or are resized to the one that is told', async t => {
  const files = { 'a/1.png': png(2, 4, [0, 0, 0, 0, 200, 200, 200, 200]), 'b/1.png': png(2, 2, [10, 20, 30, 40]) }
  await assert.rejects(preparePictures(t, { train: zipOf(files) }), {
    code: 'invalid_dataset',
    detail: 'file "train.zip": the picture "b/1.png" must have the size [2, 4] of "a/1.png", got [2, 2]; say size=[height, width] to have all resized'
  })
  const resized = async (fit?: string, size = [2, 2]) => {
    const options = { size, testCount: 1, ...(fit === undefined ? {} : { fit }) }
    const { train, test, ...rest } = await preparePictures(t, { train: zipOf(files), options })
    const inOrder = [train, test].sort((a, b) => a.arrays.target![0]! - b.arrays.target![0]!)
    return { ...rest, pixels: inOrder.map(({ arrays }) => [...arrays.inputs!]) }
  }
  const { pixels, fields, report } = await resized()
  assert.deepEqual([pixels, fields.inputs], [[[0, 0, 200, 200], [10, 20, 30, 40]], { type: 'image', shape: [2, 2, 1], dtype: 'uint8' }])
  assert.deepEqual(report.warnings.filter(({ code }) => code === 'enlarged_pictures'), [])
  assert.deepEqual((await resized('crop')).pixels, [[0, 0, 200, 200], [10, 20, 30, 40]])
  assert.deepEqual((await resized('pad', [4, 4])).pixels[0], [0, 0, 0, 0, 0, 0, 0, 0, 200, 200, 200, 200, 0, 0, 0, 0])
  assert.deepEqual((await resized('pad', [4, 4])).report.warnings.find(({ code }) => code === 'enlarged_pictures')?.text, 'pictures enlarged to the size that was told: 1')
  await assert.rejects(preparePictures(t, { train: zipOf(files), options: { fit: 'pad' } }), { code: 'invalid_request', detail: 'fit must be left out when size is: pictures keep theirs' })
})

test('pictures: channels are those that a picture needs, wherever it comes, or those that are told', async t => {
  const files = { 'a/1.png': png(1, 1, 10), 'b/1.png': png(1, 1, [255, 0, 0], { channels: 3 }), 'b/2.png': palettePng(1, 1, [1], [[0, 0, 0], [7, 7, 7]]) }
  const read = async (options: Record<string, unknown>, which: Files = files) => {
    const { fields, train, test } = await preparePictures(t, { train: zipOf({ ...Object.fromEntries(Object.entries(which).map(([name, data]) => [`train/${name}`, data])), 'test/a/1.png': png(1, 1, 5) }), options })
    return [(fields.inputs as { shape: number[] }).shape[2], [...train.arrays.inputs!], [...test.arrays.inputs!]]
  }
  assert.deepEqual(await read({}), [3, [10, 10, 10, 255, 0, 0, 7, 7, 7], [5, 5, 5]])
  assert.deepEqual(await read({ colour: 'rgb' }), [3, [10, 10, 10, 255, 0, 0, 7, 7, 7], [5, 5, 5]])
  assert.deepEqual(await read({ colour: 'grey' }), [1, [10, 76, 7], [5]])
  const { 'b/1.png': _, ...grey } = files
  assert.deepEqual(await read({}, grey), [1, [10, 7], [5]])
  assert.deepEqual(await read({ colour: 'rgb' }, grey), [3, [10, 10, 10, 7, 7, 7], [5, 5, 5]])
})

test('pictures: EXIF turns, 16 bits, transparency and CMYK are taken care of, and said', async t => {
  // bright on the left of what a person sees, whichever way the camera was held
  const seen = (x: number) => x < 8 ? 250 : 5
  const places = { // what stands at (y, x) of the file of 16 columns for each orientation; 5 to 8 have rows and columns changed
    1: (_: number, x: number) => seen(x),
    2: (_: number, x: number) => seen(15 - x),
    3: (_: number, x: number) => seen(15 - x),
    4: (_: number, x: number) => seen(x),
    5: (y: number) => seen(y),
    6: (y: number) => seen(15 - y),
    7: (y: number) => seen(15 - y),
    8: (y: number) => seen(y)
  }
  for (const [orientation, at] of Object.entries(places)) {
    const [height, width] = Number(orientation) < 5 ? [8, 16] : [16, 8]
    const data = Uint8Array.from({ length: height! * width! }, (_, i) => at(Math.floor(i / width!), i % width!))
    const turned = await jpeg(height!, width!, data, { orientation: Number(orientation) })
    const left = png(8, 16, Array.from({ length: 128 }, (_, i) => seen(i % 16)))
    const { fields, train, report } = await preparePictures(t, { train: zipOf({ 'train/a/1.jpg': turned, 'train/b/1.png': left, 'test/a/1.jpg': left }) })
    assert.deepEqual((fields.inputs as { shape: number[] }).shape, [8, 16, 1], orientation)
    const pixels = train.arrays.inputs!
    for (let i = 0; i < 128; i++) assert.ok(Math.abs(pixels[i]! - pixels[128 + i]!) <= 3, `${orientation}, ${i}: ${pixels[i]}`)
    assert.equal(report.warnings.some(({ code }) => code === 'turned_pictures'), Number(orientation) > 1)
  }
  const odd = {
    'a/1.png': png(1, 2, [0x1234, 0xffff], { depth: 16 }),
    'a/2.png': png(1, 2, [200, 255, 200, 128], { channels: 2 }),
    'b/1.png': pngOf({ width: 2, height: 1, type: 0 }, [['tRNS', Buffer.of(0, 9)], ['IDAT', deflateSync(Buffer.of(0, 9, 8))]])
  }
  const { train, report } = await preparePictures(t, { train: zipOf({ ...Object.fromEntries(Object.entries(odd).map(([name, data]) => [`train/${name}`, data])), 'test/a/1.png': png(1, 2) }) })
  assert.deepEqual([...train.arrays.inputs!], [0x12, 0xff, 200, 100, 0, 8])
  assert.deepEqual(report.warnings.map(({ code, text }) => [code, text.split(': ')[1]]).filter(([code]) => code !== 'rare_class'), [['reduced_pictures', '1'], ['transparent_pictures', '2']])
  const cyan = await jpeg(8, 8, Uint8Array.from({ length: 192 }, (_, i) => [0, 160, 220][i % 3]!), { cmyk: true })
  const printed = await preparePictures(t, { train: zipOf({ 'train/a/1.jpg': cyan, 'train/b/1.png': png(8, 8), 'test/a/1.png': png(8, 8) }) })
  const [red, green, blue] = printed.train.arrays.inputs!
  assert.ok(red! < green! && green! < blue!, `${red}, ${green}, ${blue}`)
  assert.ok(printed.report.warnings.some(({ code }) => code === 'converted_pictures'))
})

const good = png(4, 4, 7)
const bomb = pngOf({ width: 4, height: 4 }, [['IDAT', deflateSync(Buffer.alloc(50_000_000))]])
const photograph = await jpeg(16, 16, Uint8Array.from({ length: 768 }, (_, i) => (i * 37) % 256))
const broken: [fact: string, files: Files, detail: RegExp][] = [
  ['a text beside the classes', { ...two, 'README.txt': 'about' }, /the member "README.txt" must be a picture in the folder of its class, or in images or masks; leave it out/],
  ['a text among the pictures', { ...two, 'cats/notes.txt': 'about' }, /the member "cats\/notes.txt" must be a PNG or JPEG picture, got a file that begins with 61626f75; leave it out/],
  ['an empty picture', { ...two, 'cats/3.png': '' }, /the member "cats\/3.png" must be a PNG or JPEG picture, got an empty file/],
  ['a GIF under the name of a PNG', { ...two, 'cats/3.png': 'GIF89a' }, /"cats\/3.png" must be a PNG or JPEG picture, got a file that begins with 47494638/],
  ['a PNG that was cut', { ...two, 'cats/3.png': good.subarray(0, good.length - 14) }, /the picture "cats\/3.png" must be complete, got a file that was cut/],
  ['a PNG with a byte changed', { ...two, 'cats/3.png': Buffer.from(good).fill(1, 45, 46) }, /the picture "cats\/3.png" must be intact, got a wrong checksum at byte 33/],
  ['pixels that unpack to more than there are', { ...two, 'cats/3.png': bomb }, /the picture "cats\/3.png" must have pixels that can be unpacked, got "/],
  ['a picture of 50,000 x 50,000', { ...two, 'cats/3.png': pngOf({ width: 50_000, height: 50_000 }, []) }, /the picture "cats\/3.png" must have at most 33554432 pixels, got 50000 x 50000/],
  ['a picture without pixels', { ...two, 'cats/3.png': pngOf({ width: 0, height: 5 }, []) }, /the picture "cats\/3.png" must have pixels, got 5 x 0/],
  ['a JPEG that was cut', { ...two, 'cats/3.jpg': photograph.subarray(0, photograph.length >> 1) }, /the picture "cats\/3.jpg" must be a picture that can be decoded, got "/],
  ['one class', { 'cats/1.png': good, 'cats/2.png': good }, /there must be folders of 2 classes or more, got "cats"/],
  ['pictures without folders', { '1.png': good, '2.png': good }, /the member "1.png" must be a picture in the folder of its class/],
  ['no picture', { 'cats/': '', '.DS_Store': 'x' }, /the archive must have a picture, got none/]
]
for (const [fact, files, detail] of broken) {
  test(`pictures: refuses ${fact}`, async t => {
    await assert.rejects(preparePictures(t, { train: zipOf(files) }), { name: 'AppError', code: 'invalid_dataset', detail })
  })
}

test('pictures: what is no archive is refused, and so is an option without a use', async t => {
  const refused = (train: Uint8Array, detail: RegExp, options = {}) => assert.rejects(preparePictures(t, { train, options }), { code: 'invalid_dataset', detail })
  await refused(good, /must be a zip, tar or tar.gz archive, got a file that begins with 89504e47/)
  await refused(Buffer.alloc(0), /must be a zip, tar or tar.gz archive, got a file that begins with nothing/)
  await refused(gzipSync(good), /the tar archive must be intact, got "/)
  await refused(zipOf(two), /there must be the folders images and masks where maskValues is given, got folders of classes/, { maskValues: { 0: 1 } })
  await assert.rejects(preparePictures(t, { train: zipOf({ 'train/a/1.png': good, 'test/a/1.png': good }), test: zipOf(two) }), {
    code: 'invalid_dataset', detail: /the archive must have one split where the test split is a file of its own, got the folders/
  })
})

test('pictures: the bounds of an upload hold: rows, numbers, classes and bytes', async t => {
  const refused = (limits: object, detail: RegExp) => assert.rejects(preparePictures(t, { train: zipOf(two) }, limits), { code: 'invalid_dataset', detail })
  await refused({ maxRows: 3 }, /at most 3 rows/)
  await refused({ maxCells: 15 }, /at most 15 numbers/)
  await refused({ maxClasses: 1 }, /at most 1 classes/)
  await refused({ maxUnpackedBytes: 100 }, /at most 100 bytes when unpacked/)
  const late = { 'a/1.png': png(2, 2), 'b/1.png': png(2, 2, 1, { channels: 3 }) } // 4 numbers, which become 12, and 12 more
  await assert.rejects(preparePictures(t, { train: zipOf(late), ...cut }, { maxCells: 23 }), { code: 'invalid_dataset', detail: /at most 23 numbers/ })
  assert.equal((await preparePictures(t, { train: zipOf(late), ...cut }, { maxCells: 24 })).counts.train, 1)
})
