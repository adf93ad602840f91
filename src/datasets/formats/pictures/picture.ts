/** A picture file of an upload, what kind it is by its bytes, and the error that names it. */
import type { AppError } from '../../../errors.js'
import { broken, show, type UploadedFile } from '../../limits.js'

/** A member of an archive with its bytes, and how many pixels it may have where that is fewer than MOST_PIXELS. */
export interface Picture { file: UploadedFile, name: string, bytes: Buffer, mostPixels?: number }

/** Samples of a picture, row by row: grey or red, green, blue. */
export interface Pixels { height: number, width: number, channels: 1 | 3, data: Uint8Array }

/**
 * Pixels that a picture may have, after which nothing is decoded: 5,800 x 5,800. A whole one takes 100 MB for a moment.
 * A file of 64 MB is no photograph of that size.
 */
export const MOST_PIXELS = 2 ** 25
export const MOST_BYTES = 64 * 1024 * 1024

const PNG = Buffer.from('89504e470d0a1a0a', 'hex')

/** @returns undefined for what is neither */
export function kindOf (bytes: Buffer): 'png' | 'jpeg' | undefined {
  if (bytes.subarray(0, PNG.length).equals(PNG)) return 'png'
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? 'jpeg' : undefined
}

/** The error for a picture that breaks a rule. @param rule "must be complete" */
export function refuse ({ file, name }: Pick<Picture, 'file' | 'name'>, rule: string, cause?: unknown): AppError {
  return broken(file, `the picture ${show(name)} ${rule}`, cause)
}

/** The error for what is no picture. */
export function refuseKind (picture: Picture): AppError {
  const got = picture.bytes.length === 0 ? 'an empty file' : `a file that begins with ${picture.bytes.toString('hex', 0, 4)}`
  return broken(picture.file, `the member ${show(picture.name)} must be a PNG or JPEG picture, got ${got}; leave it out of the archive if it is none`)
}

/** Refuses a picture by its size before its pixels are decoded. */
export function checkSize (picture: Omit<Picture, 'bytes'>, height: number, width: number): void {
  const { mostPixels = MOST_PIXELS } = picture
  if (height * width > mostPixels) throw refuse(picture, `must have at most ${mostPixels} pixels, got ${height} x ${width}; make it smaller before`)
}
