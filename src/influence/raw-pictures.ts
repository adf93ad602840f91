/** Raw pictures of questions that say their size themselves: PNG, and nested numbers. Opened before anything of them is decoded. */
import { toPixels } from '../datasets/formats/pictures/png-pixels.js'
import type { Field, FieldOf } from '../datasets/description.js'
import type { Size } from '../math/windows.js'
import { openPng } from './png.js'
import { formOf, readArray } from './raw-inputs.js'
import { refuse } from './refusals.js'

/**
 * What bounds the memory of a request: pixels of a picture, as many as 250 of 64 x 64 (a usual batch; with 21 classes half a
 * gigabyte for a moment), and of all pictures of one request. Sides, because drawing up a picture takes a matrix of its side's square.
 */
export const MOST_PIXELS = 2 ** 20
export const MOST_PIXELS_TOGETHER = 2 ** 22
export const LONGEST_SIDE = 2 ** 12

export interface RawPicture {
  size: Size
  /** of what says it in the request */
  path: string
  /** [height, width, channels] in stored units. @throws invalid_input */
  read (): ArrayLike<number>
}

/**
 * Opens a PNG, for a model whose inputs are pictures of bytes. It is read as those of a data set are: 16 bits as 8, laid
 * over black where it is transparent; a grey one has three equal channels where the model wants three.
 * @throws invalid_input
 */
export function openPngPicture (png: string, field: Field, path: string): RawPicture {
  const channels = channelsOf(field, path)
  const { header: { height, width }, decode } = openPng(png, path)
  return {
    size: [height, width],
    path,
    read () {
      const { pixels } = toPixels(decode())
      if (pixels.channels === channels) return pixels.data
      if (channels === 1) refuse(path, 'must be grey, for the model’s pictures have one channel', 'colours')
      return Uint8Array.from({ length: pixels.data.length * channels }, (_, i) => pixels.data[Math.floor(i / channels)]!)
    }
  }
}

function channelsOf (field: Field, path: string): number {
  const channels = field.type === 'image' && field.dtype === 'uint8' ? field.shape[2]! : 0
  if (channels === 1 || channels === 3) return channels
  return refuse(path, `must be left out for input, ${formOf(field)}: the model’s inputs are no bytes of one or three channels`, 'a PNG')
}

/** Opens nested numbers; one channel may be left out. @returns undefined for what says no size: flat, or nested otherwise */
export function openNestedPicture (input: unknown, { shape: [,, channels] }: FieldOf<'image'>, path: string): RawPicture | undefined {
  const row: unknown = Array.isArray(input) ? input[0] : undefined
  if (!Array.isArray(input) || !Array.isArray(row) || row.length === 0) return undefined
  if (!Array.isArray(row[0]) && channels !== 1) return undefined
  const size: Size = [input.length, row.length]
  return { size, path, read: () => readArray(input, path, [...size, channels!], 'this picture’s pixels') }
}

/** Counts the pictures of one request. @returns adds one, @throws invalid_input where it is too large, or they are together */
export function createPixelCount (): (picture: Pick<RawPicture, 'size' | 'path'>) => void {
  let together = 0
  return ({ size: [height, width], path }) => {
    const got = [height, width]
    if (Math.max(height, width) > LONGEST_SIDE) refuse(path, `must have sides of at most ${LONGEST_SIDE} pixels`, got)
    if (height * width > MOST_PIXELS) refuse(path, `must have at most ${MOST_PIXELS} pixels`, got)
    together += height * width
    if (together > MOST_PIXELS_TOGETHER) refuse(path, `must be left for another request, for the pictures of one have at most ${MOST_PIXELS_TOGETHER} pixels together`, together)
  }
}
