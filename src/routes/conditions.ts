/** ETags of things that change: a version number goes out, and comes back with the change as If-Match. */
import { AppError } from '../errors.js'

/** Writes a version as an ETag. */
export function toEtag (version: number): string {
  return `"${version}"`
}

/** Versions are counted in 32 bits: a larger one was never an ETag of ours. */
const MAX_VERSION = 2 ** 31 - 1

/**
 * Reads If-Match.
 * @returns the version that the caller has read, undefined when any will do
 * @throws AppError stale for what was never an ETag of ours
 */
export function readIfMatch (header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined
  const version = Number(/^"(0|[1-9]\d*)"$/.exec(header)?.[1] ?? NaN)
  if (version <= MAX_VERSION) return version
  throw new AppError('stale', `If-Match must be an ETag of the resource, got ${JSON.stringify(header)}`)
}
