/** PNG files of every kind, against libvips for what they look like and fast-png for what stands in them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { decode } from 'fast-png'
import sharp from 'sharp'
import { decodePicture } from '../../../src/datasets/formats/pictures/decode.js'
import { decodePng, readPngHeader } from '../../../src/datasets/formats/pictures/png.js'
import type { Picture } from '../../../src/datasets/formats/pictures/picture.js'
import { openStream } from '../../../src/math/random.js'
import { pngOf } from '../pictures.js'

const picture = (bytes: Buffer): Picture => ({ file: { path: '', name: 'a.zip' }, name: 'a.png', bytes })
const adam7 = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]]

/** Random bytes as rows of every filter. */
function make (type: 0 | 2 | 3 | 4 | 6, depth: number, interlace: 0 | 1, seed: number): Buffer {
  const random = openStream(seed, 'png')
  const [height, width] = [1 + random.integer(19), 1 + random.integer(19)]
  const bits = depth * { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[type]
  const passes = interlace === 1 ? adam7 : [[0, 0, 1, 1]]
  const rows = passes.flatMap(([x, y, dx, dy]) => {
    const [w, h] = [Math.ceil((width - x!) / dx!), Math.ceil((height - y!) / dy!)]
    const row = () => Buffer.from([random.integer(5), ...Array.from({ length: Math.ceil(w * bits / 8) }, () => random.integer(256))])
    return w < 1 ? [] : Array.from({ length: Math.max(0, h) }, row)
  })
  const palette = Buffer.from(Array.from({ length: 3 * 2 ** Math.min(8, depth) }, () => random.integer(256)))
  return pngOf({ width, height, depth, type, interlace }, [...(type === 3 ? [['PLTE', palette] as [string, Buffer]] : []), ['IDAT', deflateSync(Buffer.concat(rows))]])
}

const kinds = [
  [0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [2, 8], [2, 16], [3, 1], [3, 2], [3, 4], [3, 8], [4, 8], [4, 16], [6, 8], [6, 16]
] as const
for (const [type, depth] of kinds) {
  for (const interlace of [0, 1] as const) {
    test(`decodePng: colour type ${type}, ${depth} bits${interlace === 1 ? ', interlaced' : ''}: samples as they stand, and what is seen as libvips sees it`, async () => {
      for (let seed = 0; seed < 8; seed++) {
        const bytes = make(type, depth, interlace, seed)
        const png = decodePng(picture(bytes), readPngHeader(picture(bytes)))
        if (interlace === 0 && depth >= 8) assert.deepEqual([...png.samples], [...decode(bytes).data])
        const { pixels } = await decodePicture(picture(bytes), undefined)
        const seen = await sharp(bytes).flatten({ background: '#000' }).toColourspace(pixels.channels === 1 ? 'b-w' : 'srgb').raw({ depth: 'uchar' }).toBuffer()
        assert.equal(pixels.data.length, seen.length)
        // transparent pixels and 16 bits are rounded: libvips takes the latter through other spaces
        const tolerance = (type === 4 || type === 6 ? 1 : 0) + (depth === 16 ? 1 : 0)
        pixels.data.forEach((value, i) => { assert.ok(Math.abs(value - seen[i]!) <= tolerance, `${i}: ${value}, ${seen[i]}`) })
      }
    })
  }
}
