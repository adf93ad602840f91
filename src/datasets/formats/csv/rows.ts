/**
 * Rows of a text that comes by the piece: it is cut into texts of whole rows, which are split here or by helpers, and come
 * in their order. What is not a whole row waits for the next piece.
 */
import type { AppError } from '../../../errors.js'
import { KEPT_BYTES, putPiece, type PieceMemory } from '../../files.js'
import type { LentMemory } from '../../helpers/helper.js'
import type { Helper, Helpers } from '../../helpers/helpers.js'
import { inOrder, type Work } from '../../helpers/in-order.js'
import type { KernelMemory } from '../../kernels/kernels.js'
import { broken, type UploadedFile } from '../../limits.js'
import type { Dialect } from './split-memory.js'
import { Splitter } from './splitter.js'

/** A hundred thousand columns fit; a quote that is never closed does not take the rest of the file. */
export const LONGEST_ROW = 4 * 1024 * 1024
/** What is split at once: the cells of it, and what is known of them, stay in the processor's cache. */
export const PIECE_BYTES = 256 * 1024

export interface RowsOptions {
  dialect: Dialect
  /** cells of a row, 0 where the first row tells */
  width?: number
  /** whether the first row is left out */
  skipsFirst?: boolean
  /** bytes that are split together; a row may be longer */
  atOnce?: number
  helpers?: Helpers | undefined
}

/** Whole rows, laid out to be split; or so many bytes of which none may end a row. */
interface Block { rows: Splitter, length: number, memory: KernelMemory | undefined }

const split: Work<Block, void> = {
  here ({ rows, memory }) { if (memory !== undefined) rows.splitText() },
  async there ({ memory }, helper) { if (memory !== undefined) await helper.run('rows', lend(memory, helper)) },
  // what is known of the cells of a long row takes twenty times its bytes
  isAlone: ({ length }) => length > 4 * PIECE_BYTES
}

const numbers = new WeakMap<KernelMemory, number>()
const lent = new WeakMap<Helper, Set<number>>()
let last = 0

/** What a helper is told of a memory. */
function lend (memory: KernelMemory, helper: Helper): LentMemory {
  const number = numbers.get(memory) ?? ++last
  numbers.set(memory, number)
  const known = lent.get(helper) ?? new Set()
  lent.set(helper, known)
  if (known.has(number)) return { number }
  known.add(number)
  return { number, memory }
}

/**
 * Gives the rows of a text that comes by the piece.
 * @param text  gives its pieces, which may lie in the memory that is lent for the next one
 * @returns some rows after the other, theirs only until the next ones are asked for
 * @throws AppError invalid_dataset naming the line
 */
export async function * readRows (
  file: UploadedFile, text: (memory: PieceMemory) => AsyncIterable<Buffer>, options: RowsOptions
): AsyncGenerator<Splitter> {
  const { dialect, width = 0, helpers } = options
  const all: Splitter[] = []
  const free: Splitter[] = []
  const open = (): Splitter => {
    const opened = free.pop() ?? new Splitter(dialect, width)
    if (!all.includes(opened)) all.push(opened)
    return opened
  }
  let line = 1
  let skips = options.skipsFirst ?? false
  // Where the first row tells the width, the others need it before they are split.
  const known = width > 0 ? helpers : undefined
  try {
    for await (const { task: { rows, memory } } of inOrder(known, cut(text, open, options.atOnce ?? PIECE_BYTES), split)) {
      if (memory === undefined) throw tooLong(file, line)
      rows.read(line)
      line = rows.line
      if (skips && rows.rows > 0) {
        rows.dropRow()
        skips = false
      }
      if (rows.rows > 0) yield rows
      if (rows.fault !== undefined) throw broken(file, rows.fault)
      free.push(rows)
    }
  } finally {
    for (const rows of all) rows.close()
  }
}

/** Cuts a text where rows end. */
async function * cut (
  read: (memory: PieceMemory) => AsyncIterable<Buffer>, open: () => Splitter, atOnce: number
): AsyncGenerator<Block> {
  let rows = open()
  let text = rows.openText(2 * atOnce)
  let length = 0
  let wanted = atOnce
  const reserve = (bytes: number): void => { if (length + bytes > text.length) text = rows.openText(2 * (length + bytes)) }
  const behind: PieceMemory = () => {
    reserve(KEPT_BYTES)
    return text.subarray(length, length + KEPT_BYTES)
  }
  for await (const piece of read(behind)) {
    reserve(piece.length)
    putPiece(piece, text, length)
    length += piece.length
    if (length < wanted) continue
    const end = rows.lastRowEnd(length)
    if (end > 0) {
      const next = open()
      const rest = text.subarray(end, length)
      const nextText = next.openText(Math.max(2 * atOnce, 2 * rest.length))
      nextText.set(rest)
      yield { rows, length: end, memory: rows.layOut(end, 'row') }
      rows = next
      text = nextText
      length = rest.length
    }
    if (length > LONGEST_ROW) {
      yield { rows, length, memory: undefined }
      return
    }
    // A row that is longer than a piece is not looked at again for every piece of it.
    wanted = Math.min(Math.max(atOnce, 2 * length), LONGEST_ROW + 1)
  }
  yield { rows, length, memory: rows.layOut(length, 'file') }
}

/** @throws AppError invalid_dataset where what may be no whole row is longer than any */
export function checkLength (file: UploadedFile, length: number, line: number): void {
  if (length > LONGEST_ROW) throw tooLong(file, line)
}

function tooLong (file: UploadedFile, line: number): AppError {
  return broken(file, `line ${line} must have at most ${LONGEST_ROW} bytes, got more; is a quote not closed?`)
}
