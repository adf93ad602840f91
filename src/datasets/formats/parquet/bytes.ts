/** The bytes of a Parquet file, which is read from its end and at any place: unpacked first if it is gzip. */
import { randomUUID } from 'node:crypto'
import { closeSync, createWriteStream, openSync, readSync, statSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ReadContext } from '../../dataset-file.js'
import { readPieces, readUploaded } from '../../files.js'
import type { UploadedFile } from '../../limits.js'

export interface Bytes {
  byteLength: number
  /** @throws RangeError where there are no such bytes */
  slice (start: number, end?: number): ArrayBuffer
}

/** Opens a file; what gzip becomes lies in the folder. @throws AppError invalid_dataset where it is broken or too large */
export async function openBytes (file: UploadedFile, { folder, tally }: ReadContext): Promise<Bytes> {
  if (!isGzip(file)) return openFile(file.path)
  const unpacked = path.join(folder, `unpacked-${randomUUID()}`)
  await pipeline(readUploaded(file, tally), createWriteStream(unpacked))
  return openFile(unpacked)
}

function isGzip (file: UploadedFile): boolean {
  const pieces = readPieces(file.path)
  const first = pieces.next().value
  pieces.return(undefined)
  return first?.[0] === 0x1f && first[1] === 0x8b
}

function openFile (name: string): Bytes {
  const byteLength = statSync(name).size
  return {
    byteLength,
    slice (start, end = byteLength) {
      if (!(start >= 0 && start <= end && end <= byteLength)) throw new RangeError(`bytes ${start} .. ${end} of ${byteLength}`)
      const bytes = new Uint8Array(end - start)
      const descriptor = openSync(name, 'r')
      try {
        for (let done = 0; done < bytes.length;) {
          const read = readSync(descriptor, bytes, done, bytes.length - done, start + done)
          if (read === 0) throw new RangeError(`the file ended at byte ${start + done}`)
          done += read
        }
      } finally {
        closeSync(descriptor)
      }
      return bytes.buffer
    }
  }
}
