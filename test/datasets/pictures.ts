/** Pictures and archives of them, as people and other programs make them. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { TestContext } from 'node:test'
import { deflateSync } from 'node:zlib'
import { encode } from 'fast-png'
import sharp from 'sharp'
import { pack } from 'tar-stream'
import { decodeDataset } from '../../src/datasets/dataset-file.js'
import type { UploadLimits } from '../../src/datasets/limits.js'
import { prepareDataset } from '../../src/datasets/prepare.js'
import { joinChunks, type Chunk } from '../../src/figures/png.js'
import { makeFolder } from '../storage/fixtures.js'
import { upload, wideLimits } from './files.js'
import { zip, type Member } from './zips.js'

export type Content = Uint8Array | string
export type Files = Record<string, Content>

/** Makes a data set of archives. @returns its splits, description, report and the hash of its file */
export async function preparePictures (
  t: TestContext, { train, test, options = {} }: { train: Uint8Array, test?: Uint8Array, options?: Record<string, unknown> },
  limits: Partial<UploadLimits> = {}
) {
  const files = { train: await upload(t, 'train.zip', train), ...(test === undefined ? {} : { test: await upload(t, 'test.zip', test) }) }
  const task = { job: { type: 'upload' as const, format: 'pictures', files, options }, folder: await makeFolder(t), limits: { ...wideLimits, ...limits } }
  const { file, description, ...rest } = await prepareDataset(task)
  const bytes = new Uint8Array(await readFile(file))
  return { ...rest, ...decodeDataset({ id: 'x', ...description }, bytes), sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** A zip of files by their names; a name that ends in / is a folder. */
export function zipOf (files: Files, deflate = true): Buffer {
  return zip(Object.entries(files).map(([name, data]): Member => ({ name, data, deflate: deflate && data.length > 0 })))
}

/** A tar of the same. */
export async function tarOf (files: Files | { name: string, type?: 'symlink' | 'link' | 'fifo', linkname?: string, data?: Content }[]): Promise<Buffer> {
  const archive = pack()
  const list = Array.isArray(files) ? files : Object.entries(files).map(([name, data]) => ({ name, data }))
  for (const { data = '', name, ...header } of list) {
    const entry = { ...header, name, ...(name.endsWith('/') ? { type: 'directory' as const } : {}) }
    if ('type' in entry) archive.entry(entry)
    else archive.entry(entry, Buffer.from(data as string))
  }
  archive.finalize()
  const pieces: Uint8Array[] = []
  for await (const piece of archive) pieces.push(piece as Uint8Array)
  return Buffer.concat(pieces)
}

/** A PNG of one number, or of many. @param channels 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha */
export function png (height: number, width: number, values: number | number[] = 0, { channels = 1, depth = 8 as 8 | 16 } = {}): Buffer {
  const length = height * width * channels
  const data = typeof values === 'number' ? new Array<number>(length).fill(values) : values
  return Buffer.from(encode({ width, height, channels, depth, data: depth === 16 ? Uint16Array.from(data) : Uint8Array.from(data) }))
}

/** A PNG with a palette. @param alphas of its first colours */
export function palettePng (
  height: number, width: number, numbers: number[], palette: number[][], { depth = 8, alphas = [] as number[] } = {}
): Buffer {
  const rowBytes = Math.ceil(width * depth / 8)
  const rows = Buffer.alloc(height * (1 + rowBytes))
  numbers.forEach((number, i) => {
    const [y, x] = [Math.floor(i / width), i % width]
    const bit = x * depth
    rows[y * (1 + rowBytes) + 1 + (bit >> 3)]! |= number << (8 - depth - (bit & 7))
  })
  return pngOf({ width, height, depth, type: 3 }, [
    ['PLTE', Buffer.from(palette.flat())], ...(alphas.length > 0 ? [['tRNS', Buffer.from(alphas)] as Chunk] : []), ['IDAT', deflateSync(rows)]
  ])
}

type PngShape = Record<'width' | 'height', number> & Partial<Record<'depth' | 'type' | 'interlace', number>>

/** A PNG of the chunks that are given. */
export function pngOf (
  { width, height, depth = 8, type = 0, interlace = 0 }: PngShape,
  chunks: Chunk[]
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, type, 0, 0, interlace], 8)
  return joinChunks([['IHDR', header], ...chunks])
}

/** A JPEG of raw pixels, as good as JPEG can be. @param orientation as EXIF has it, 1 .. 8 */
export async function jpeg (
  height: number, width: number, data: Uint8Array, { orientation, cmyk = false }: { orientation?: number, cmyk?: boolean } = {}
): Promise<Buffer> {
  const channels = data.length / height / width as 1 | 3
  let picture = sharp(data, { raw: { height, width, channels } })
  picture = picture.toColourspace(cmyk ? 'cmyk' : channels === 1 ? 'b-w' : 'srgb')
  const bytes = await picture.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
  if (orientation === undefined) return bytes
  return Buffer.concat([bytes.subarray(0, 2), exif(orientation), bytes.subarray(2)])
}

/** A segment of EXIF data with one tag, big-endian. */
function exif (orientation: number): Buffer {
  const body = Buffer.concat([Buffer.from('Exif\0\0MM\0*', 'latin1'), Buffer.from('0000000800010112000300000001', 'hex'), Buffer.of(0, orientation, 0, 0, 0, 0, 0, 0)])
  return Buffer.concat([Buffer.of(0xff, 0xe1, 0, body.length + 2), body])
}
