/**
 * Rows and cells of CSV text: a text is put into a kernel's memory (split-memory.ts), split there, here or in another thread,
 * and its cells are read where they lie. Next hop: rows.ts, which cuts a file into texts.
 */
import { align } from '../../../math/web-assembly.js'
import { borrowKernels, returnKernels, type KernelMemory, type Kernels } from '../../kernels/kernels.js'
import { show } from '../../limits.js'
import type { Cells, PairSums } from '../../table/source.js'
import {
  endOfCells, ENDS_WITH, FIELD, fieldsIn, forgetRoom, layOut, openText, splitText, textIn, type Dialect, type EndsWith
} from './split-memory.js'

export const POINT = 0x2e
export const COMMA = 0x2c

/** Cells come again: so many short ones are kept as strings, a power of two. */
const KNOWN = 4096
const LONGEST_KNOWN = 32

export class Splitter implements Cells {
  /** what is wrong with the line after the last row, if something is */
  fault: string | undefined
  rows = 0
  private kernels: Kernels | undefined
  private fields: Int32Array = new Int32Array(0)
  private bytes: Buffer = Buffer.alloc(0)
  private starts: Int32Array = new Int32Array(0)
  private ends: Int32Array = new Int32Array(0)
  private values: Float64Array = new Float64Array(0)
  private lines: Int32Array = new Int32Array(0)
  /** lines before the text */
  private before = 0
  private readonly known: string[] = []

  /**
   * @param width  cells of a row, 0 where the first row tells
   * @param line  on which what is not yet split begins, 1-based
   */
  constructor (private readonly dialect: Dialect, public width = 0, public line = 1) {}

  lineOf (row: number): number {
    return this.before + this.lines[row]!
  }

  number (row: number, column: number): number {
    return this.values[row * this.width + column]!
  }

  numbers (column: number, from: number, into: Float64Array): void {
    const { values, width, rows } = this
    for (let row = from, cell = from * width + column; row < rows; row++, cell += width) into[row - from] = values[cell]!
  }

  gather (columns: Int32Array, from: number, sums: PairSums): Float32Array {
    const { width, rows } = this
    const kernels = this.kernels!
    const count = columns.length
    const pairs = Math.ceil(count / 2)
    const free = endOfCells(kernels)
    const places = free + 8 * sums.length
    const floats = align(places + 8 * pairs)
    kernels.reserve(floats + 4 * rows * count)
    const { buffer } = kernels.memory
    const shared = new Float64Array(buffer, free, sums.length)
    shared.set(sums)
    const bytes = new Int32Array(buffer, places, 2 * pairs)
    for (let i = 0; i < bytes.length; i++) bytes[i] = 8 * columns[Math.min(i, count - 1)]!
    kernels.gather(this.values.byteOffset + 8 * from * width, rows - from, width, places, count, free, floats)
    sums.set(shared)
    return new Float32Array(buffer, floats, (rows - from) * count)
  }

  text (row: number, column: number): string {
    const cell = row * this.width + column
    const start = this.starts[cell]!
    const end = this.ends[cell]!
    if (end >= 0) return end - start > LONGEST_KNOWN ? this.bytes.toString('utf8', start, end) : this.shortText(start, end)
    const quote = String.fromCharCode(this.dialect.quote)
    return this.bytes.toString('utf8', start, ~end).replaceAll(quote + quote, quote)
  }

  /** A string that was made of the same bytes before, if it is still known. Only of ASCII are its characters its bytes. */
  private shortText (start: number, end: number): string {
    const { bytes, known } = this
    let hash = 0
    let all = 0
    for (let at = start; at < end; at++) {
      all |= bytes[at]!
      hash = Math.imul(hash, 31) + bytes[at]! | 0
    }
    if (all >= 0x80) return bytes.toString('utf8', start, end)
    const slot = (hash ^ hash >>> 16) & (KNOWN - 1)
    const before = known[slot]
    if (before?.length === end - start) {
      let same = 0
      while (same < before.length && before.charCodeAt(same) === bytes[start + same]) same++
      if (same === before.length) return before
    }
    return (known[slot] = bytes.toString('latin1', start, end))
  }

  /** Says whether a character, of one byte, is in the rows. */
  has (character: string): boolean {
    return this.bytes.subarray(0, this.fields[FIELD.end]).includes(character)
  }

  /**
   * Splits what is whole, as much as there is room for; the rows before stay until then.
   * @param bytes  of which a copy is made
   * @param isAll  whether the text ends at `length`
   * @returns where the rest begins
   */
  split (bytes: Uint8Array, begin: number, length: number, isAll: boolean): number {
    this.openText(length - begin).set(bytes.subarray(begin, length))
    const { dialect, width, line } = this
    layOut(this.lend(), dialect, { width, line, length: length - begin, endsWith: isAll ? 'file' : 'anything' })
    splitText(this.lend(), false)
    this.read(1)
    return begin + this.fields[FIELD.end]!
  }

  /** Room for a text, see split-memory.ts. What was split before cannot be read any more. */
  openText (bytes: number): Buffer {
    return openText(this.lend(), bytes)
  }

  /** Finds where the last whole row ends in a text of which no row is split. @returns 0 where none is whole */
  lastRowEnd (length: number): number {
    const kernels = this.lend()
    return kernels.lastRowEnd(openText(kernels, length).byteOffset, length, this.dialect.quote)
  }

  /** Lays out a text of whole rows, which other kernels on that memory may split. */
  layOut (length: number, endsWith: EndsWith): KernelMemory {
    layOut(this.lend(), this.dialect, { width: this.width, line: 1, length, endsWith })
    return this.lend().memory
  }

  /** Splits what was laid out. */
  splitText (): void {
    splitText(this.lend(), true)
  }

  /** Reads what was split. @param line  on which the text begins */
  read (line: number): void {
    const kernels = this.lend()
    const { buffer } = kernels.memory
    const fields = this.fields = fieldsIn(kernels)
    const room = fields[FIELD.room]!
    this.bytes = textIn(kernels)
    this.values = new Float64Array(buffer, fields[FIELD.values], room)
    this.starts = new Int32Array(buffer, fields[FIELD.starts], room)
    this.ends = new Int32Array(buffer, fields[FIELD.ends], room)
    this.lines = new Int32Array(buffer, fields[FIELD.lines], room)
    this.before = line - 1
    this.rows = fields[FIELD.rows]!
    this.width = fields[FIELD.width]!
    this.line = this.before + fields[FIELD.line]!
    this.fault = this.describe(fields[FIELD.why]!)
  }

  /** Leaves the first row out. */
  dropRow (): void {
    const { width } = this
    this.values = this.values.subarray(width)
    this.starts = this.starts.subarray(width)
    this.ends = this.ends.subarray(width)
    this.lines = this.lines.subarray(1)
    this.rows--
  }

  /** Gives its memory to the next one. No cell can be read after it. */
  close (): void {
    if (this.kernels !== undefined) returnKernels(this.kernels)
    this.kernels = undefined
  }

  private lend (): Kernels {
    if (this.kernels === undefined) {
      this.kernels = borrowKernels()
      forgetRoom(this.kernels)
    }
    return this.kernels
  }

  /** @returns undefined where nothing is wrong */
  private describe (why: number): string | undefined {
    const { fields, bytes } = this
    const line = this.before + fields[FIELD.faultLine]!
    const at = fields[FIELD.at]!
    const shown = (begin: number, end: number): string => show(bytes.toString('utf8', begin, Math.min(end, fields[FIELD.length]!)))
    switch (why) {
      case 2: return `line ${line} must have ${this.width} cells as the first line, got ${fields[FIELD.count]}`
      case 3: return fields[FIELD.endsWith] === ENDS_WITH.anything ? undefined : `line ${line}: a quote must be closed, got the end of the file`
      case 4: return `line ${line}: a closing quote must end its cell, got ${shown(at, at + 20)} after it`
      case 5: return `line ${line}: a quote must begin its cell, got ${shown(Math.max(fields[FIELD.start]!, at - 20), at + 1)}; say quote=none if quotes are text`
      default: return undefined
    }
  }
}
