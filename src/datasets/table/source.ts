/** A table as formats give it, whatever its file is: rows of cells that can be read again from the first one. Types only. */
import type { UploadedFile } from '../limits.js'

export interface TableSource {
  file: UploadedFile
  /** the first line: names or the first row */
  first: { cells: string[], line: number }
  /** whether the first line has names; undefined where only the cells can tell */
  hasNames: boolean | undefined
  /**
   * Reads all rows in their order, the first line too unless `hasNames` is true. A row has as many cells as the first line.
   * @throws AppError invalid_dataset naming file, line and rule
   */
  read (): AsyncIterable<Cells>
}

/** Some rows, one after the other, and their cells; theirs only until the next ones are asked for. */
export interface Cells {
  rows: number
  width: number
  /** line on which a row begins, 1-based; its number where the file has no lines */
  lineOf (row: number): number
  /** A cell as it stands: without its quotes and the blanks around it; '' where it is empty. */
  text (row: number, column: number): string
  /** The decimal, finite number that a cell's text is, in Float64; NaN where it is none. */
  number (row: number, column: number): number
  /** Puts the numbers of a column, from a row on, into an array with room for them. */
  numbers (column: number, from: number, into: Float64Array): void
  /**
   * Rounds the numbers of columns to float32 and adds them to their sums, from a row on, where the source has all of them
   * at hand.
   * @returns [rows, columns.length], theirs only as long as the rows are
   */
  gather? (columns: Int32Array, from: number, sums: PairSums): Float32Array
}

/**
 * Sums of columns, two by two: of each pair twelve numbers, of both columns the first number, the sum and the sum of
 * squares of the differences from it, the least, the greatest, and bits that stay as long as all numbers lie between -2^24
 * and 2^24.
 */
export type PairSums = Float64Array
