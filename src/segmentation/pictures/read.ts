/** Reads a picture and its seeds, from files or as they were stored in a data set. */
import { readFile } from 'node:fs/promises'
import { UNLABELLED } from '../../datasets/unlabelled.js'
import { decodePicture } from '../../datasets/formats/pictures/decode.js'
import { makeRules, readMask } from '../../datasets/formats/pictures/mask.js'
import { kindOf, type Picture, type Pixels } from '../../datasets/formats/pictures/picture.js'
import { AppError } from '../../errors.js'
import { drawStrokes, type Seeds } from '../seeds.js'
import { defaults, type SegmentOptions } from '../spec.js'

/** A PNG or JPEG: where it lies, or its bytes; what its owner calls it. */
export type FileSource = { name: string, path: string } | { name: string, bytes: Uint8Array }

/** All that goes to the thread: plain data. */
export interface SegmentTask {
  picture: FileSource | { pixels: Pixels }
  /** a PNG of labels; nothing but strokes when left out */
  seeds?: FileSource | { map: Seeds }
  options: SegmentOptions
  /** of the picture; times its labels at most eight times as many */
  mostPixels: number
  overlay: boolean
}

/** With so many labels a picture may still have all pixels that there may be: what is kept grows with both. */
const LABELS_OF_MOST_PIXELS = 8

/** Reads what a task names. @throws AppError invalid_picture naming the file */
export async function readTask ({ picture, seeds, options, mostPixels }: SegmentTask): Promise<{ pixels: Pixels, seeds: Seeds }> {
  const { labels = defaults.labels, strokes = [] } = options
  const most = Math.min(mostPixels, Math.floor(mostPixels * LABELS_OF_MOST_PIXELS / labels))
  const pixels = 'pixels' in picture ? picture.pixels : (await explain(async () => await decodePicture(await open(picture, most), undefined))).pixels
  const { height, width } = pixels
  if (height * width > most) throw new AppError('invalid_picture', `the picture must have at most ${most} pixels, got ${height} x ${width}`)
  const nothing = { height, width, data: new Uint8Array(height * width).fill(UNLABELLED) }
  const map = seeds === undefined ? nothing : await readSeeds(seeds, options, most)
  if (map.height !== height || map.width !== width) {
    throw new AppError('invalid_picture', `seeds must have the size of the picture, ${height} x ${width}, got ${map.height} x ${map.width}`)
  }
  drawStrokes(map, strokes)
  return { pixels, seeds: map }
}

async function readSeeds (seeds: NonNullable<SegmentTask['seeds']>, { labels, maskValues, maskColours }: SegmentOptions, most: number): Promise<Seeds> {
  if ('map' in seeds) return seeds.map
  const rules = makeRules(maskValues, maskColours, labels ?? defaults.labels)
  return await explain(async () => readMask(await open(seeds, most), rules, new Uint8Array(0)))
}

/** @throws AppError invalid_picture for what is no picture */
async function open (source: FileSource, mostPixels: number): Promise<Picture> {
  const { name } = source
  const bytes = 'path' in source ? await readFile(source.path) : Buffer.from(source.bytes.buffer, source.bytes.byteOffset, source.bytes.byteLength)
  if (kindOf(bytes) === undefined) {
    const got = bytes.length === 0 ? 'nothing' : `a file that begins with ${bytes.toString('hex', 0, 4)}`
    throw new AppError('invalid_picture', `file ${JSON.stringify(name)}: it must be a PNG or JPEG picture, got ${got}`)
  }
  return { file: { name, path: '' }, name, bytes, mostPixels }
}

/** The readers speak of data sets. */
async function explain<T> (read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid_dataset') throw error
    throw new AppError('invalid_picture', error.detail, {}, { cause: error })
  }
}
