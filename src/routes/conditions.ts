/** ETags of things that change: a version number goes out, and comes back with the change as If-Match. */
import { AppError } from '../errors.js'

/** Writes a version as an ETag. */
export function toEtag (version: number): string {
  return `"${version}"`
}

/**
 * Reads If-Match.
 * @returns the version that the caller has read, undefined when any will do
 * @throws AppError stale for what was never an ETag of ours
 */
export function readIfMatch (header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined
  const match = /^"(\d+)"$/.exec(header)
  if (match === null) throw new AppError('stale', `If-Match must be an ETag of the resource, got ${JSON.stringify(header)}`)
  return Number(match[1])
}
