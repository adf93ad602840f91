/**
 * Splits bytes of CSV text into rows as RFC 4180 says, and reads the numbers in them, in one go: cells between
 * separators, trimmed; in quotes a cell may hold separators, line ends and doubled quotes. Lines end with \n, \r\n or \r,
 * mixed as they come; empty ones are left out. Next hop: reader.ts, which has the bytes.
 */
import { show } from '../../limits.js'
import type { Cells } from '../../table/source.js'
import { readNumeral } from './numeral.js'

/** How a file is written, each as a byte; quote is -1 where there is none. */
export interface Dialect { separator: number, quote: number, point: number }

const QUICK_CELLS = 32 * 1024
const LF = 0x0a
const CR = 0x0d
/** What a byte is, 0 where it is text. Those from SEPARATOR on end a cell. */
const BLANK = 1
const QUOTE = 2
const SEPARATOR = 3
const LINE_END = 4

export class Splitter implements Cells {
  rows = 0
  /** what is wrong with the line after the last row, if something is */
  fault: string | undefined
  /** line on which what is not yet split begins, 1-based */
  line: number
  private bytes: Buffer = Buffer.alloc(0)
  private begin = 0
  private end = 0
  private readonly kinds: Uint8Array
  private starts = new Int32Array(QUICK_CELLS)
  /** negative, as ~end, where a cell has doubled quotes */
  private ends = new Int32Array(QUICK_CELLS)
  private values = new Float64Array(QUICK_CELLS)
  private lines = new Int32Array(QUICK_CELLS)

  /**
   * @param width  cells of a row, 0 where the first row tells
   * @param skip  rows that are left out
   */
  constructor (private readonly dialect: Dialect, public width = 0, line = 1, private skip = 0) {
    this.line = line
    this.kinds = new Uint8Array(256)
    this.kinds.set([BLANK], 0x20)
    this.kinds.set([BLANK, LINE_END], 0x09)
    this.kinds[CR] = LINE_END
    this.kinds[dialect.separator] = SEPARATOR
    if (dialect.quote >= 0) this.kinds[dialect.quote] = QUOTE
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

  text (row: number, column: number): string {
    const cell = row * this.width + column
    const end = this.ends[cell]!
    if (end >= 0) return this.bytes.toString('utf8', this.starts[cell]!, end)
    const quote = String.fromCharCode(this.dialect.quote)
    return this.bytes.toString('utf8', this.starts[cell]!, ~end).replaceAll(quote + quote, quote)
  }

  /** Says whether a character, of one byte, is in the rows. */
  has (character: string): boolean {
    return this.bytes.subarray(this.begin, this.end).includes(character)
  }

  /**
   * Splits what is whole, as much as there is room for; the rows before stay until then. Writes a line end behind the
   * text, so that every search ends.
   * @param bytes  with room for a byte behind `length`
   * @param isAll  whether the text ends at `length`
   * @returns where the rest begins
   */
  split (bytes: Buffer, begin: number, length: number, isAll: boolean): number {
    const { kinds, dialect: { quote, point, separator } } = this
    const bare = point === separator ? -1 : point // decimals after a separator are in quotes
    let { starts, ends, values, width, line } = this
    this.bytes = bytes
    this.begin = begin
    bytes[length] = LF
    let rows = 0
    let used = 0
    let at = begin
    let end = begin // of the last whole row
    while (at < length) {
      const first = used
      let inside = 0 // line ends within quotes
      let byte = 0
      let isEmpty = true
      for (;;) {
        byte = bytes[at]!
        while (kinds[byte] === BLANK) byte = bytes[++at]!
        if (used === starts.length) {
          if (rows > 0) return this.finish(rows, end, line, width)
          this.grow();
          ({ starts, ends, values } = this)
        }
        let start = at
        let last
        if (byte === quote) {
          start++
          let isDoubled = false
          for (at = start; at < length; at++) {
            byte = bytes[at]!
            if (byte === quote) {
              if (bytes[at + 1] !== quote) break
              isDoubled = true
              at++
            } else if (byte === CR || (byte === LF && bytes[at - 1] !== CR)) {
              inside++
            }
          }
          if (at >= length) {
            if (isAll) this.fault = `line ${line}: a quote must be closed, got the end of the file`
            return this.finish(rows, end, line, width)
          }
          if (at === length - 1 && !isAll) return this.finish(rows, end, line, width) // it may be half of a doubled one
          last = at
          if (readNumeral(bytes, start, point, values, used) !== last) values[used] = NaN
          if (isDoubled) last = ~last
          byte = bytes[++at]!
          while (kinds[byte] === BLANK) byte = bytes[++at]!
          if (kinds[byte]! < SEPARATOR) {
            this.fault = `line ${line + inside}: a closing quote must end its cell, got ${show(bytes.toString('utf8', at, Math.min(at + 20, length)))} after it`
            return this.finish(rows, end, line, width)
          }
        } else {
          at = readNumeral(bytes, start, bare, values, used)
          byte = bytes[at]!
          last = at
          if (kinds[byte]! < SEPARATOR) {
            while (kinds[byte] === BLANK) byte = bytes[++at]!
            if (kinds[byte]! < SEPARATOR) {
              values[used] = NaN
              while (kinds[byte]! < QUOTE) byte = bytes[++at]!
              if (byte === quote) {
                this.fault = `line ${line}: a quote must begin its cell, got ${show(bytes.toString('utf8', Math.max(start, at - 20), at + 1))}; say quote=none if quotes are text`
                return this.finish(rows, end, line, width)
              }
              last = at
              while (kinds[bytes[last - 1]!] === BLANK) last--
            }
          }
        }
        if (last < 0 || last > start) isEmpty = false
        starts[used] = start
        ends[used++] = last
        // At the end of what is there a \r may be half of \r\n, and a cell may be half of one.
        if (!isAll && (at >= length || (at === length - 1 && byte === CR))) return this.finish(rows, end, line, width)
        at++
        if (kinds[byte] === LINE_END) break
      }
      if (byte === CR && bytes[at] === LF && at < length) at++
      const count = used - first
      if (count === 1 && isEmpty) {
        used = first
      } else if (this.skip > 0) {
        this.skip--
        used = first
      } else if (width > 0 && count !== width) {
        this.fault = `line ${line} must have ${width} cells as the first line, got ${count}`
        return this.finish(rows, end, line, width)
      } else {
        width = count
        this.lines[rows++] = line
      }
      line += 1 + inside
      end = at
    }
    return this.finish(rows, Math.min(end, length), line, width)
  }

  private finish (rows: number, end: number, line: number, width: number): number {
    this.rows = rows
    this.end = end
    this.line = line
    this.width = width
    return end
  }

  private grow (): void {
    const { starts, ends, values } = this
    this.starts = new Int32Array(starts.length * 2)
    this.starts.set(starts)
    this.ends = new Int32Array(starts.length * 2)
    this.ends.set(ends)
    this.values = new Float64Array(starts.length * 2)
    this.values.set(values)
  }
}
