/** Cursors of lists that are computed, not stored: the number of items to skip, made opaque. */
import { AppError } from '../errors.js'

/** Makes a cursor. */
export function encodeOffset (offset: number): string {
  return Buffer.from(`from ${offset}`).toString('base64url')
}

/** Reads a cursor; 0 without one. @throws AppError invalid_cursor */
export function decodeOffset (cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const match = /^from (\d{1,12})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (match === null) throw new AppError('invalid_cursor', `cursor must be the nextCursor of this list, got ${JSON.stringify(cursor)}`)
  return Number(match[1])
}
