/**
 * Decodes some pictures of an upload, each with its masks, one after the other: what helpers are asked, and what is done here
 * where none is free. All that goes in and comes out is plain data. Next hop: decode.ts, mask.ts.
 */
import { AppError, type Failure } from '../../../errors.js'
import { readPlace, type MemberPlace } from '../../archives/place.js'
import { UNLABELLED } from '../../unlabelled.js'
import { show, type UploadedFile } from '../../limits.js'
import { decodePicture, type Decoded, type Target } from './decode.js'
import { findGeometry, resizeNearest, type Size } from './geometry.js'
import { makeRules, readMask, type MaskRules } from './mask.js'
import type { PictureOptions } from './options.js'
import { refuse, type Picture, type Pixels } from './picture.js'

/** A picture file: in its archive, or read already. */
export type Source = MemberPlace | { file: UploadedFile, name: string, bytes: Uint8Array }

/** A picture and its maps, by the names of their fields. */
export interface Item<From = Source> { image: From, maps: Record<string, From> }

export interface ItemsTask {
  items: Item[]
  options: Pick<PictureOptions, 'size' | 'fit' | 'classNames' | 'maskValues' | 'maskColours'>
}

export interface DecodedItem { decoded: Decoded, maps: Record<string, Pixels> }

export interface ItemsAnswer {
  /** the first ones of the task: all, or fewer where their pixels are many or something is wrong with the next */
  done: DecodedItem[]
  /** what is wrong with the next one, and the picture if it is not that */
  failure?: Failure
  failed?: Decoded
  /** a 1 for every number below 256 that stands in a mask that is a target */
  seen: Uint8Array
}

/** Of pixels that are kept at once. */
const MOST_BYTES = 4 * 1024 * 1024

/** Decodes items until there is enough for once. */
export async function decodeItems ({ items, options }: ItemsTask): Promise<ItemsAnswer> {
  const rules = items.some(({ maps }) => Object.keys(maps).length > 0)
    ? makeRules(options.maskValues, options.maskColours, options.classNames?.length)
    : undefined
  const answer: ItemsAnswer = { done: [], seen: new Uint8Array(256) }
  let bytes = 0
  for (const { image, maps } of items) {
    let decoded: Decoded | undefined
    try {
      decoded = await decodePicture(readSource(image), targetOf(options))
      const done: DecodedItem = { decoded, maps: {} }
      for (const [name, source] of Object.entries(maps)) {
        const seen = name === 'target' ? answer.seen : new Uint8Array(0)
        done.maps[name] = readMap(source, image, decoded.size, { options, rules: rules!, seen })
      }
      answer.done.push(done)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { ...answer, failure: error.toFailure(), ...decoded && { failed: decoded } }
    }
    bytes += buffersOf(answer.done.at(-1)!).reduce((sum, { length }) => sum + length, 0)
    if (bytes >= MOST_BYTES) break
  }
  return answer
}

/** Puts the pixels of an answer into one memory, which can go to another thread. */
export function pack (answer: ItemsAnswer): ArrayBuffer {
  const all = answer.done.map(pixelsOf).flat()
  const bytes = new Uint8Array(all.reduce((sum, { data }) => sum + data.length, 0))
  let at = 0
  for (const pixels of all) {
    bytes.set(pixels.data, at)
    pixels.data = bytes.subarray(at, at += pixels.data.length)
  }
  return bytes.buffer
}

function pixelsOf ({ decoded, maps }: DecodedItem): Pixels[] {
  return [decoded.pixels, ...Object.values(maps)]
}

function buffersOf (done: DecodedItem): Uint8Array[] {
  return pixelsOf(done).map(({ data }) => data)
}

function readSource (source: Source): Picture {
  const { file, name } = source
  if (!('bytes' in source)) return { file, name, bytes: readPlace(source) }
  const { buffer, byteOffset, byteLength } = source.bytes
  return { file, name, bytes: Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength) }
}

function targetOf ({ size, fit = 'stretch' }: ItemsTask['options']): Target | undefined {
  return size === undefined ? undefined : { size: size as unknown as Size, fit }
}

function readMap (
  source: Source, image: Source, size: Size, { options, rules, seen }: { options: ItemsTask['options'], rules: MaskRules, seen: Uint8Array }
): Pixels {
  const picture = readSource(source)
  const mask = readMask(picture, rules, seen)
  if (mask.height !== size[0] || mask.width !== size[1]) {
    throw refuse(picture, `must have the size [${size.join(', ')}] of its picture ${show(image.name)}, got [${mask.height}, ${mask.width}]`)
  }
  const target = targetOf(options)
  return target === undefined ? mask : resizeNearest(mask, findGeometry(size, target.size, target.fit), UNLABELLED)
}
