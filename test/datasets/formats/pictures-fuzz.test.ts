/** Archives and pictures with bytes changed, cut out and repeated, from seeds: a data set, or an error that names the file. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { AppError } from '../../../src/errors.js'
import { openStream } from '../../../src/math/random.js'
import { jpeg, palettePng, png, preparePictures, tarOf, zipOf, type Files } from '../pictures.js'

const photograph = await jpeg(16, 16, Uint8Array.from({ length: 768 }, (_, i) => (i * 37) % 256), { orientation: 6 })
const classes: Files = {
  'a/1.png': png(16, 16, Array.from({ length: 256 }, (_, i) => i)), 'a/2.jpg': photograph, 'b/1.png': png(16, 16, 3, { channels: 4 }), 'b/2.jpg': photograph
}
const masks: Files = {
  'images/1.png': classes['a/1.png']!,
  'masks/1.png': palettePng(16, 16, Array.from({ length: 256 }, (_, i) => i % 3), [[0, 0, 0], [9, 0, 0], [0, 9, 0]], { depth: 4 }),
  'images/2.jpg': photograph,
  'masks/2.png': png(16, 16, 1)
}

/** Changes bytes, cuts some out, repeats some. */
function damage (bytes: Uint8Array, seed: number, begin = 0): Buffer {
  const random = openStream(seed, 'damage')
  const place = (): number => begin + random.integer(Math.max(1, bytes.length - begin))
  const damaged = Buffer.from(bytes)
  for (let i = random.integer(4); i >= 0; i--) damaged[place()] = random.integer(256)
  const [from, to] = [place(), place()].sort((a, b) => a - b) as [number, number]
  switch (random.integer(4)) {
    case 0: return damaged.subarray(0, to)
    case 1: return Buffer.concat([damaged.subarray(0, from), damaged.subarray(Math.min(to, from + 20))])
    case 2: return Buffer.concat([damaged.subarray(0, to), damaged.subarray(from)])
    default: return damaged
  }
}

for (const [what, files, options] of [['classes', classes, {}], ['masks', masks, { classNames: ['a', 'b', 'c'] }]] as const) {
  test(`pictures: damaged archives and pictures of ${what} are read or refused by name`, async t => {
    const archives = [zipOf(files), zipOf(files, false), await tarOf(files), gzipSync(await tarOf(files))]
    const names = Object.keys(files)
    let refused = 0
    for (let seed = 0; seed < 240; seed++) {
      // every other time a picture is damaged within an archive that is whole
      const name = names[seed % names.length]!
      const broken = (): Files => ({ ...files, [name]: damage(files[name as keyof typeof files] as Uint8Array, seed, 12) })
      const train = seed % 2 === 0 ? damage(archives[seed / 2 % archives.length]!, seed) : zipOf(broken())
      try {
        await preparePictures(t, { train, options: { size: [8, 8], testCount: 1, ...options } }, { maxUnpackedBytes: 1e7, maxCells: 1e6 })
      } catch (error) {
        assert.ok(error instanceof AppError && error.code === 'invalid_dataset', `seed ${seed}: ${String((error as Error).stack)}`)
        assert.match(error.detail, /^file "train\.zip": |^the test split must have/)
        refused++
      }
    }
    assert.ok(refused > 100, `${refused} of 240 were refused`)
  })
}
