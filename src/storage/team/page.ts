/** Lists by pages: newest first, the cursor is the last id (ids are UUIDv7, so their order is that of creation). */
import { AppError } from '../../errors.js'

export interface PageQuery {
  /** most items, 1 .. 200; 50 by default */
  limit?: number
  /** nextCursor of the page before */
  cursor?: string
}

export interface Page<T> { items: T[], nextCursor: string | null }

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Reads one page of a table whose ids are UUIDv7.
 * @param fetch given the id below which to look (if any) and how many rows to take, newest first
 * @throws AppError invalid_cursor
 */
export async function readPage<Row extends { id: string }, T> (
  query: PageQuery,
  fetch: (below: { id?: { lt: string } }, take: number) => Promise<Row[]>,
  toItem: (row: Row) => T
): Promise<Page<T>> {
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 200)
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor)
  const rows = await fetch(after === undefined ? {} : { id: { lt: after } }, limit + 1)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { items: page.map(toItem), nextCursor: rows.length > limit && last ? encodeCursor(last.id) : null }
}

/** Makes an id opaque, so that nobody builds cursors by hand. */
function encodeCursor (id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')
}

/** Reads a cursor. @throws AppError invalid_cursor */
function decodeCursor (cursor: string): string {
  const hex = Buffer.from(cursor, 'base64url').toString('hex')
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  if (!uuid.test(id) || encodeCursor(id) !== cursor) {
    throw new AppError('invalid_cursor', `cursor must be the nextCursor of this list, got ${JSON.stringify(cursor)}`)
  }
  return id
}

/** Refuses what cannot be an id before the database does. @throws AppError not_found */
export function checkId (noun: string, id: string): string {
  if (!uuid.test(id)) throw notFound(noun, id)
  return id
}

/** The error for what does not exist or belongs to another team. */
export function notFound (noun: string, id: string): AppError {
  return new AppError('not_found', `${noun} ${id}`)
}
