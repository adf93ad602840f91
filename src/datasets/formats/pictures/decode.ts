/**
 * Decodes pictures: PNG by png.ts, JPEG and what is large or turned by libvips (sharp), which streams; both give the
 * same pixels (where 8 bits are made of 16, or transparency is undone, they may differ by 2 of 255). Colour profiles are
 * ignored, as most readers of training data do, except where CMYK needs one.
 */
import type { Sharp, SharpConstructor } from 'sharp'
import { cut, findGeometry, isEnlarged, keepsPixels, lay, type Fit, type Geometry, type Size } from './geometry.js'
import { checkSize, kindOf, MOST_PIXELS, refuse, refuseKind, type Picture, type Pixels } from './picture.js'
import { decodePng, hasChunk, readPngHeader } from './png.js'
import { toPixels } from './png-pixels.js'

/** What was done to a picture that its owner may want to know. */
export interface Changes {
  /** turned as its EXIF data say */
  turned: boolean
  /** from 16 bits to 8 */
  reduced: boolean
  /** laid over black */
  transparent: boolean
  /** from CMYK */
  converted: boolean
  /** enlarged to the size that was told */
  enlarged: boolean
}

/** size: of the picture as it is seen, before it is resized */
export interface Decoded { pixels: Pixels, size: Size, changes: Changes }

export interface Target { size: Size, fit: Fit }

/** From here on libvips is as fast, and takes less memory. */
const MOST_OWN_BYTES = 2 ** 24
const UNCHANGED: Changes = { turned: false, reduced: false, transparent: false, converted: false, enlarged: false }

/**
 * Decodes a picture and resizes it.
 * @param target  left out: it keeps its size
 * @throws AppError invalid_dataset naming the picture
 */
export async function decodePicture (picture: Picture, target: Target | undefined): Promise<Decoded> {
  switch (kindOf(picture.bytes)) {
    case 'jpeg': return await decodeBySharp(picture, target)
    case 'png': {
      const header = readPngHeader(picture)
      const bytes = header.height * header.width * header.channels * Math.max(1, header.depth / 8)
      if (bytes > MOST_OWN_BYTES || hasChunk(picture, 'eXIf')) return await decodeBySharp(picture, target)
      const { pixels, isTransparent } = toPixels(decodePng(picture, header))
      const size: Size = [header.height, header.width]
      const changes = { ...UNCHANGED, reduced: header.depth === 16, transparent: isTransparent }
      if (target === undefined) return { pixels, size, changes }
      const geometry = geometryOf(picture, size, target)
      return { pixels: await resize(pixels, geometry), size, changes: { ...changes, enlarged: isEnlarged(geometry) } }
    }
    default: throw refuseKind(picture)
  }
}

/** @throws AppError invalid_dataset for a picture that must be kept as it is and is too large */
function geometryOf (picture: Picture, size: Size, target: Target): Geometry {
  if (target.fit === 'keep' && (size[0] > target.size[0] || size[1] > target.size[1])) {
    throw refuse(picture, `must have at most the size [${target.size.join(', ')}], as fit is keep, got [${size.join(', ')}]; pad makes larger ones smaller`)
  }
  return findGeometry(size, target.size, target.fit)
}

async function resize (pixels: Pixels, geometry: Geometry): Promise<Pixels> {
  const part = cut(pixels, geometry)
  if (keepsPixels(geometry)) return lay(part, geometry, 0)
  const sharp = await loadSharp()
  const { height, width, channels } = part
  return await take(scale(sharp(part.data, { raw: { height, width, channels } }), geometry), channels, geometry)
}

async function decodeBySharp (picture: Picture, target: Target | undefined): Promise<Decoded> {
  const sharp = await loadSharp()
  const { bytes } = picture
  try {
    const { width, height, orientation = 1, space, channels: stored, hasAlpha, depth } = await sharp(bytes).metadata()
    checkSize(picture, height, width)
    const isCmyk = space === 'cmyk'
    const channels = stored - (hasAlpha ? 1 : 0) === 1 ? 1 : 3
    const size: Size = orientation >= 5 ? [width, height] : [height, width]
    const geometry = target === undefined ? undefined : geometryOf(picture, size, target)
    let pipeline = sharp(bytes, { autoOrient: true, limitInputPixels: MOST_PIXELS, ignoreIcc: !isCmyk })
    if (hasAlpha) pipeline = pipeline.flatten({ background: '#000' })
    if (geometry !== undefined) {
      pipeline = pipeline.extract(geometry.box)
      if (!keepsPixels(geometry)) pipeline = scale(pipeline, geometry)
    }
    const pixels = await take(pipeline, channels, geometry)
    const changes = {
      turned: orientation > 1, reduced: depth === 'ushort', transparent: hasAlpha, converted: isCmyk, enlarged: geometry !== undefined && isEnlarged(geometry)
    }
    return { pixels, size, changes }
  } catch (error) {
    if ((error as Error).name === 'AppError') throw error
    throw refuse(picture, `must be a picture that can be decoded, got "${(error as Error).message}"`, error)
  }
}

function scale (pipeline: Sharp, { inner: [height, width] }: Geometry): Sharp {
  return pipeline.resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
}

async function take (pipeline: Sharp, channels: 1 | 3, geometry: Geometry | undefined): Promise<Pixels> {
  const { data, info } = await pipeline.toColourspace(channels === 1 ? 'b-w' : 'srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  if (info.channels !== channels) throw new Error(`libvips must give ${channels} channels, got ${info.channels}`)
  const pixels: Pixels = { height: info.height, width: info.width, channels, data }
  return geometry === undefined ? pixels : lay(pixels, geometry, 0)
}

/** Loaded with the first picture. A picture is worked on by one thread, several pictures at the same time by several. */
async function loadSharp (): Promise<SharpConstructor> {
  const { default: sharp } = await import('sharp')
  sharp.concurrency(1)
  sharp.cache(false)
  return sharp
}
