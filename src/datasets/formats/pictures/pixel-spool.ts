/**
 * Pixels on their way to a data set: one picture after the other in a temporary file, all of one size and as many
 * channels as are wanted. Where that is to be found, pictures are grey until the first one comes that has colour.
 */
import type { Tally, UploadedFile } from '../../limits.js'
import { openSpool, type Spool } from '../../spool.js'
import type { PictureOptions } from './options.js'
import type { Pixels } from './picture.js'

type Channels = Pixels['channels']

export interface PixelSpool {
  /** of the pictures so far */
  channels (): Channels
  /** @param file in which the picture lies */
  add (file: UploadedFile, pixels: Pixels): void
  /** Ends writing. @param channels that all shall have, at least as many as they have @returns what reads the bytes */
  finish (channels: Channels): () => Iterable<Buffer>
}

/** Opens a spool. @param folder where it lies */
export function openPixels (folder: string, colour: PictureOptions['colour'], tally: Tally): PixelSpool {
  let channels: Channels = colour === 'rgb' ? 3 : 1
  let spool = openSpool(folder)
  let cells = 0
  let last: UploadedFile | undefined
  function widen (): void {
    if (last !== undefined) tally.addCells(last, 2 * cells)
    spool = copyWide(folder, spool)
    cells *= 3
    channels = 3
  }
  return {
    channels: () => channels,
    add (file, pixels) {
      if (pixels.channels === 3 && channels === 1 && colour !== 'grey') widen()
      last = file
      const more = pixels.height * pixels.width * channels
      tally.addCells(file, more)
      cells += more
      spool.write(pixels.channels === channels ? pixels.data : channels === 1 ? toGrey(pixels.data) : repeat(pixels.data))
    },
    finish (wanted) {
      if (wanted > channels) widen()
      return spool.finish()
    }
  }
}

function copyWide (folder: string, grey: Spool): Spool {
  const wide = openSpool(folder)
  for (const piece of grey.finish()()) wide.write(repeat(piece))
  return wide
}

function repeat (grey: Uint8Array): Uint8Array {
  const out = new Uint8Array(grey.length * 3)
  for (let i = 0; i < grey.length; i++) out[3 * i] = out[3 * i + 1] = out[3 * i + 2] = grey[i]!
  return out
}

/** Luma of ITU-R BT.601 in whole numbers, as Pillow has it: rounded, in 16 bits. */
function toGrey (rgb: Uint8Array): Uint8Array {
  const out = new Uint8Array(rgb.length / 3)
  for (let i = 0; i < out.length; i++) out[i] = (19595 * rgb[3 * i]! + 38470 * rgb[3 * i + 1]! + 7471 * rgb[3 * i + 2]! + 0x8000) >> 16
  return out
}
