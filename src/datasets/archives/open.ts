/** Opens an archive by what its first bytes are, whatever its name is: zip, tar, or tar in gzip. */
import { openSync, closeSync, readSync } from 'node:fs'
import type { ReadContext } from '../dataset-file.js'
import { broken, type UploadedFile } from '../limits.js'
import { openFile } from '../spool.js'
import type { Archive } from './archive.js'
import { openTar } from './tar.js'
import { isZip, openZip } from './zip.js'

/** Where a tar has its magic word. */
const TAR_MAGIC = 257

/** Opens an archive. @throws AppError invalid_dataset naming the file and what it must be */
export async function openArchive (file: UploadedFile, context: ReadContext): Promise<Archive> {
  const first = readFirst(file, TAR_MAGIC + 5)
  if (isZip(first)) return await openZip(file, context.tally)
  if (first[0] === 0x1f && first[1] === 0x8b) {
    const unpacked = openFile(context.folder, 'tar')
    try {
      return await openTar(file, context, unpacked)
    } finally {
      unpacked.close()
    }
  }
  if (first.toString('latin1', TAR_MAGIC) === 'ustar') return await openTar(file, context)
  throw broken(file, `must be a zip, tar or tar.gz archive, got a file that begins with ${first.toString('hex', 0, 4) || 'nothing'}`)
}

function readFirst ({ path }: UploadedFile, length: number): Buffer {
  const descriptor = openSync(path, 'r')
  try {
    const first = Buffer.alloc(length)
    return first.subarray(0, readSync(descriptor, first, 0, length, 0))
  } finally {
    closeSync(descriptor)
  }
}
