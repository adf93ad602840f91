/** Reads the pictures of an upload one after the other: decoded, of one size, and what was done to them is counted. */
import { readMember } from '../../archives/archive.js'
import { show } from '../../limits.js'
import type { Warning } from '../../report.js'
import { decodePicture, type Changes, type Decoded } from './decode.js'
import type { Size } from './geometry.js'
import type { Placed } from './layout.js'
import type { PictureOptions } from './options.js'
import { MOST_BYTES, refuse, type Picture } from './picture.js'

export interface PictureReader {
  /** Decodes a picture. @throws AppError invalid_dataset naming the picture */
  read (placed: Placed): Promise<Decoded>
  /** of all pictures; undefined before the first one */
  size (): Size | undefined
  warnings (): Warning[]
}

/** libvips has four threads; with more pictures at the same time there is more memory and no more speed. */
const AT_THE_SAME_TIME = 4

const saidOf: Record<keyof Changes, string> = {
  turned: 'pictures that were turned as their EXIF data say',
  reduced: 'pictures of 16 bits a sample, of which the upper 8 were kept',
  transparent: 'pictures with transparent pixels, which were laid over black',
  converted: 'pictures converted from CMYK',
  enlarged: 'pictures enlarged to the size that was told'
}

/** Makes a reader for all pictures of an upload. */
export function openReader ({ size: told, fit = 'stretch' }: PictureOptions): PictureReader {
  const target = told === undefined ? undefined : { size: told as unknown as Size, fit }
  const counts = { turned: 0, reduced: 0, transparent: 0, converted: 0, enlarged: 0 }
  let first: { name: string, size: Size } | undefined
  return {
    async read (placed) {
      const decoded = await decodePicture(await readPicture(placed), target)
      const { pixels: { height, width }, changes } = decoded
      first ??= { name: placed.member.name, size: [height, width] }
      if (height !== first.size[0] || width !== first.size[1]) {
        throw refuse(pictureOf(placed), `must have the size [${first.size.join(', ')}] of ${show(first.name)}, got [${height}, ${width}]; say size=[height, width] to have all resized`)
      }
      for (const change of Object.keys(counts) as (keyof Changes)[]) counts[change] += changes[change] ? 1 : 0
      return decoded
    },
    size: () => first?.size,
    warnings: () => (Object.keys(counts) as (keyof Changes)[]).filter(change => counts[change] > 0)
      .map(change => ({ code: `${change}_pictures`, text: `${saidOf[change]}: ${counts[change]}` }))
  }
}

/** A member's bytes. @throws AppError invalid_dataset when there are too many */
export async function readPicture (placed: Placed): Promise<Picture> {
  const { opened, member } = placed
  if (member.sizeBytes > MOST_BYTES) throw refuse(pictureOf(placed), `must have at most ${MOST_BYTES} bytes, got ${member.sizeBytes}`)
  return { ...pictureOf(placed), bytes: await readMember(opened.archive, member) }
}

function pictureOf ({ opened, member }: Placed): Pick<Picture, 'file' | 'name'> {
  return { file: opened.file, name: member.name }
}

/** Works on some items at the same time and gives what comes of them in their order. When one fails, none is at work any more. */
export async function * inOrder<Item, Out> (items: Iterable<Item>, work: (item: Item) => Promise<Out>): AsyncGenerator<Out> {
  const ahead: Promise<Out>[] = []
  try {
    for (const item of items) {
      const promise = work(item)
      promise.catch(() => {}) // is told when its turn comes
      ahead.push(promise)
      if (ahead.length === AT_THE_SAME_TIME) yield await ahead.shift()!
    }
    while (ahead.length > 0) yield await ahead.shift()!
  } finally {
    await Promise.allSettled(ahead)
  }
}
