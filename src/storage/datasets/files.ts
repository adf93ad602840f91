/** Reads the files of an upload, plain or gzip, as their first bytes say and not their names. */
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { AppError } from '../../errors.js'

/** A file of an upload: where it was put for the moment, and what its owner calls it. */
export interface UploadedFile { path: string, name: string }

/** A gigabyte of zeros is a megabyte of gzip: what unpacks to more than this is refused. */
const MAX_UNPACKED = 2 ** 31

/** Reads a file and unpacks it if it is gzip. @throws AppError invalid_dataset naming the file */
export async function readUploaded (file: UploadedFile): Promise<Uint8Array> {
  const bytes = await readFile(file.path)
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  if (!isGzip) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED })
  } catch (error) {
    throw broken(file, explain(error as NodeJS.ErrnoException), error)
  }
}

/** The error for a file that breaks a rule: `file "NAME": what must be, got ...`. */
export function broken (file: UploadedFile, rule: string, cause?: unknown): AppError {
  return new AppError('invalid_dataset', `file ${JSON.stringify(file.name)}: ${rule}`, {}, { cause })
}

function explain ({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'Z_BUF_ERROR') return 'gzip must be complete, got a truncated stream'
  if (code === 'ERR_BUFFER_TOO_LARGE') return `unpacked size must be <= ${MAX_UNPACKED} bytes, got more`
  return `gzip must be intact, got "${message}"`
}
