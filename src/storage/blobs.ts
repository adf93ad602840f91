/** Stub. */
import type { Readable } from 'node:stream'
import type { Database } from './database.js'

/** What put() says about the bytes it stored. */
export interface StoredBlob { sha256: string, sizeBytes: number }

export interface BlobStore {
  /** Stores bytes under their hash; the same bytes twice are one file. */
  put (bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredBlob>
  /** Absolute path of the file, whether it exists or not. */
  path (sha256: string): string
  /** Reads the whole file. @throws AppError not_found */
  read (sha256: string): Promise<Uint8Array<ArrayBuffer>>
  /** Reads the whole file into memory that threads can share. @throws AppError not_found */
  readShared (sha256: string): Promise<Uint8Array<SharedArrayBuffer>>
  /** Streams the file; start and end are inclusive byte positions. */
  stream (sha256: string, range?: { start?: number, end?: number }): Readable
  /** Removes what nothing refers to and what is older than the age; also half-written files. */
  sweep (olderThanSeconds?: number): Promise<{ files: number, bytes: number }>
}

/** Opens the blob store in a folder, which is made if need be. */
export function createBlobStore (folder: string, db: Database): BlobStore {
  throw new Error(`not yet ${folder} ${typeof db}`)
}
