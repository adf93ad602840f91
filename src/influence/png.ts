/** A PNG of a request, as base64. */
import { decodePng, readPngHeader, type Png, type PngHeader } from '../datasets/formats/pictures/png.js'
import { AppError } from '../errors.js'
import { refuse } from './refusals.js'

export interface OpenPng {
  header: PngHeader
  /** Unpacks no more than the header says, so that its size can be refused before. @throws invalid_input */
  decode (): Png
}

/** Reads the header. @throws invalid_input where it is none */
export function openPng (text: string, path: string): OpenPng {
  const picture = { file: { name: path, path: '' }, name: path, bytes: Buffer.from(text, 'base64') }
  const attempt = <T>(read: () => T): T => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid_dataset') throw error
      return refuse(path, 'must be a PNG that can be read', error.detail)
    }
  }
  const header = attempt(() => readPngHeader(picture))
  return { header, decode: () => attempt(() => decodePng(picture, header)) }
}
