/** The tables that are measured, the same ones at every run: numbers, and words beside numbers. */
import { closeSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { openStream, type RandomStream } from '../../src/math/random.js'

export interface MeasuredTable {
  name: string
  rows: number
  columns: number
  /** what the upload says beside its file */
  options: object
  cell (stream: RandomStream, column: number): string
}

export const tables: MeasuredTable[] = [
  { name: 'six-decimals', rows: 1_000_000, columns: 20, options: { targetColumns: ['c19'] }, cell: stream => stream.normal().toFixed(6) },
  { name: 'all-digits', rows: 1_000_000, columns: 20, options: { targetColumns: ['c19'] }, cell: stream => String(stream.normal()) }
]

/** Half numbers, a quarter words, a quarter dates: what memory is measured with. */
export const mixed: MeasuredTable = {
  name: 'mixed',
  rows: 1_000_000,
  columns: 12,
  options: { targetColumns: ['c0'] },
  cell (stream, column) {
    if (column < 6) return stream.normal().toFixed(4)
    if (column < 9) return `word ${stream.integer(200)}`
    return new Date(1e12 + stream.integer(2 ** 31) * 100).toISOString().slice(0, 10)
  }
}

/** Writes a table as CSV. @returns its path */
export function writeTable (folder: string, { name, rows, columns, cell }: MeasuredTable): string {
  const file = path.join(folder, `${name}.csv`)
  const descriptor = openSync(file, 'w')
  const stream = openStream(1, name)
  const numbers = Array.from({ length: columns }, (_, column) => column)
  let text = `${numbers.map(column => `c${column}`).join(',')}\n`
  for (let row = 0; row < rows; row++) {
    text += `${numbers.map(column => cell(stream, column)).join(',')}\n`
    if (text.length > 2 ** 20 || row === rows - 1) {
      for (let bytes = Buffer.from(text); bytes.length > 0;) bytes = bytes.subarray(writeSync(descriptor, bytes))
      text = ''
    }
  }
  closeSync(descriptor)
  return file
}
