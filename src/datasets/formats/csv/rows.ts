/** Rows of a text that comes by the piece. What is not a whole row waits for the next piece. */
import { broken, type UploadedFile } from '../../limits.js'
import type { Splitter } from './splitter.js'
import { openTextBuffer, type TextBuffer } from './text-buffer.js'

/** A hundred thousand columns fit; a quote that is never closed does not take the rest of the file. */
export const LONGEST_ROW = 4 * 1024 * 1024
/** What is split at once: the cells of it, and what is known of them, stay in the processor's cache. */
export const PIECE_BYTES = 256 * 1024

/**
 * Gives the rows of a text that comes by the piece.
 * @param atOnce  bytes that are split together; a row may be longer
 * @returns the same object again and again, with other rows
 * @throws AppError invalid_dataset naming the line
 */
export async function * readRows (
  file: UploadedFile, pieces: AsyncIterable<Buffer>, rows: Splitter, atOnce = PIECE_BYTES
): AsyncGenerator<Splitter> {
  const text = openTextBuffer(2 * atOnce)
  let wanted = atOnce
  try {
    for await (const piece of pieces) {
      text.add(piece)
      if (text.length < wanted) continue
      yield * splitAll(file, text, rows, false)
      checkLength(file, text.length, rows.line)
      // A row that is longer than a piece is not looked at again for every piece of it.
      wanted = Math.min(Math.max(atOnce, 2 * text.length), LONGEST_ROW + 1)
    }
    yield * splitAll(file, text, rows, true)
  } finally {
    rows.close()
  }
}

function * splitAll (file: UploadedFile, text: TextBuffer, rows: Splitter, isAll: boolean): Generator<Splitter> {
  let done = 0
  for (let end; (end = rows.split(text.bytes, done, text.length, isAll)) > done || rows.fault !== undefined; done = end) {
    if (rows.rows > 0) yield rows
    if (rows.fault !== undefined) throw broken(file, rows.fault)
  }
  text.drop(done)
}

/** @throws AppError invalid_dataset where what may be no whole row is longer than any */
export function checkLength (file: UploadedFile, length: number, line: number): void {
  if (length > LONGEST_ROW) throw broken(file, `line ${line} must have at most ${LONGEST_ROW} bytes, got more; is a quote not closed?`)
}
