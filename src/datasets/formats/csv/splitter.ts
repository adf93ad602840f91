/**
 * Rows and cells of CSV text: kernels/assembly/splitter.ts splits, in memory that lies out here as Split of there says.
 * Next hop: reader.ts, which has the bytes.
 */
import { align, borrowKernels, returnKernels, type Kernels } from '../../kernels/kernels.js'
import { show } from '../../limits.js'
import type { Cells, PairSums } from '../../table/source.js'

/** How a file is written, each as a byte; quote is -1 where there is none. */
export interface Dialect { separator: number, quote: number, point: number }

export const POINT = 0x2e
export const COMMA = 0x2c

const QUICK_CELLS = 32 * 1024
/** Cells come again: so many short ones are kept as strings, a power of two. */
const KNOWN = 4096
const LONGEST_KNOWN = 32
/** Behind a text: a line end, and what is looked at together. */
const SLACK = 80

/** Fields of Split, in the order of assembly/splitter.ts. */
const [TEXT, LENGTH, IS_ALL, SEPARATOR, WIDTH, LINE, END, ROOM, STARTS, ENDS, VALUES, LINES, ROWS, AT, START, FAULT_LINE, COUNT, FIELDS] =
  [0, 1, 2, 3, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20] as const
/** Why splitting ended, where it is not a fault. */
const FULL = 1

export class Splitter implements Cells {
  /** what is wrong with the line after the last row, if something is */
  fault: string | undefined
  rows = 0
  /** line on which what is not yet split begins, 1-based */
  line: number
  private kernels: Kernels | undefined
  private readonly fields = new Int32Array(FIELDS)
  private bytes: Buffer = Buffer.alloc(0)
  /** behind what is known of the cells */
  private free = 0
  private starts = new Int32Array(0)
  private ends = new Int32Array(0)
  private values = new Float64Array(0)
  private lines = new Int32Array(0)
  private readonly known: string[] = []

  /**
   * @param width  cells of a row, 0 where the first row tells
   * @param skip  rows that are left out
   */
  constructor (private readonly dialect: Dialect, public width = 0, line = 1, skip = 0) {
    this.line = line
    this.fields.set([dialect.separator, dialect.quote, dialect.point, width, skip, line], SEPARATOR)
    this.fields[ROOM] = QUICK_CELLS
  }

  lineOf (row: number): number {
    return this.lines[row]!
  }

  number (row: number, column: number): number {
    return this.values[row * this.width + column]!
  }

  numbers (column: number, from: number, into: Float64Array): void {
    const { values, width, rows } = this
    for (let row = from, cell = from * width + column; row < rows; row++, cell += width) into[row - from] = values[cell]!
  }

  gather (columns: Int32Array, from: number, sums: PairSums): Float32Array {
    const { width, rows, free } = this
    const count = columns.length
    const pairs = Math.ceil(count / 2)
    const places = free + 8 * sums.length
    const floats = align(places + 8 * pairs)
    this.reserve(floats + 4 * (rows * count + 1))
    const { buffer } = this.kernels!.memory
    const shared = new Float64Array(buffer, free, sums.length)
    shared.set(sums)
    const bytes = new Int32Array(buffer, places, 2 * pairs)
    for (let i = 0; i < bytes.length; i++) bytes[i] = 8 * columns[Math.min(i, count - 1)]!
    this.kernels!.gather(this.values.byteOffset + 8 * from * width, rows - from, width, places, count, free, floats)
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
    return this.bytes.subarray(0, this.fields[END]).includes(character)
  }

  /**
   * Splits what is whole, as much as there is room for; the rows before stay until then.
   * @param bytes  of which a copy is made
   * @param isAll  whether the text ends at `length`
   * @returns where the rest begins
   */
  split (bytes: Uint8Array, begin: number, length: number, isAll: boolean): number {
    const { fields } = this
    fields[LENGTH] = length - begin
    fields[IS_ALL] = Number(isAll)
    fields[END] = 0
    this.layOut()
    this.bytes.set(bytes.subarray(begin, length))
    let why = this.run()
    while (why === FULL && this.rows === 0) {
      fields[ROOM]! *= 2
      this.layOut()
      why = this.run()
    }
    this.fault = this.describe(why)
    return begin + fields[END]!
  }

  /** Gives its memory to the next one. No cell can be read after it. */
  close (): void {
    if (this.kernels !== undefined) returnKernels(this.kernels)
    this.kernels = undefined
  }

  /** Text, its slack, then what is known of the cells. A text that lies there already stays. */
  private layOut (): void {
    const { fields } = this
    const room = fields[ROOM]!
    const kernels = this.kernels ??= borrowKernels()
    const text = align(kernels.heapBase() + 4 * FIELDS)
    const values = align(text + fields[LENGTH]! + SLACK)
    const starts = values + 8 * room
    fields[TEXT] = text
    fields.set([starts, starts + 4 * room, values, starts + 8 * room], STARTS)
    this.free = align(starts + 12 * room)
    this.reserve(this.free)
    this.look()
  }

  /** Makes the memory large enough: where it grows, it is looked at anew. */
  private reserve (bytes: number): void {
    const { memory, reserve } = this.kernels!
    const before = memory.buffer
    reserve(bytes)
    if (memory.buffer !== before) this.look()
  }

  private look (): void {
    const { fields } = this
    const { buffer } = this.kernels!.memory
    const room = fields[ROOM]!
    this.bytes = Buffer.from(buffer, fields[TEXT], fields[LENGTH]! + SLACK)
    this.values = new Float64Array(buffer, fields[VALUES], room)
    this.starts = new Int32Array(buffer, fields[STARTS], room)
    this.ends = new Int32Array(buffer, fields[ENDS], room)
    this.lines = new Int32Array(buffer, fields[LINES], room)
  }

  private run (): number {
    const { fields } = this
    const kernels = this.kernels!
    const shared = new Int32Array(kernels.memory.buffer, kernels.heapBase(), FIELDS)
    shared.set(fields)
    const why = kernels.split(kernels.heapBase())
    fields.set(shared)
    this.rows = fields[ROWS]!
    this.width = fields[WIDTH]!
    this.line = fields[LINE]!
    return why
  }

  /** @returns undefined where nothing is wrong */
  private describe (why: number): string | undefined {
    const { fields, bytes } = this
    const line = fields[FAULT_LINE]
    const at = fields[AT]!
    const shown = (begin: number, end: number): string => show(bytes.toString('utf8', begin, Math.min(end, fields[LENGTH]!)))
    switch (why) {
      case 2: return `line ${line} must have ${this.width} cells as the first line, got ${fields[COUNT]}`
      case 3: return fields[IS_ALL] === 0 ? undefined : `line ${line}: a quote must be closed, got the end of the file`
      case 4: return `line ${line}: a closing quote must end its cell, got ${shown(at, at + 20)} after it`
      case 5: return `line ${line}: a quote must begin its cell, got ${shown(Math.max(fields[START]!, at - 20), at + 1)}; say quote=none if quotes are text`
      default: return undefined
    }
  }
}
