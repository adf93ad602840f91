/** Blobs in memory that all threads of an executor share, kept while they are used and as long as they fit. */
import type { BlobStore } from '../storage/blobs.js'

export interface SharedBlobs {
  /** Reads a whole blob, from memory when it was read lately. @throws AppError file_missing */
  read (sha256: string): Promise<SharedArrayBuffer>
}

/** What stays in memory for whoever asks next; what a thread works with, it holds in any case. */
const KEPT_BYTES = 2 * 1024 ** 3

/** Makes the store of shared blobs. */
export function createSharedBlobs (blobs: Pick<BlobStore, 'readShared'>, keptBytes = KEPT_BYTES): SharedBlobs {
  const kept = new Map<string, Promise<SharedArrayBuffer>>() // by sha-256, least recently used first
  const sizes = new Map<string, number>()

  function forget (): void {
    let total = [...kept.keys()].reduce((sum, sha256) => sum + (sizes.get(sha256) ?? 0), 0)
    for (const sha256 of [...kept.keys()]) {
      if (total <= keptBytes) return
      total -= sizes.get(sha256) ?? 0
      kept.delete(sha256)
      sizes.delete(sha256)
    }
  }

  return {
    async read (sha256) {
      const known = kept.get(sha256)
      kept.delete(sha256)
      const memory = known ?? blobs.readShared(sha256).then(bytes => bytes.buffer)
      kept.set(sha256, memory)
      try {
        sizes.set(sha256, (await memory).byteLength)
      } catch (error) {
        kept.delete(sha256)
        throw error
      }
      forget()
      return await memory
    }
  }
}
