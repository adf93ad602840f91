/** Tables as the readers of files give them, for tests. */
import path from 'node:path'
import { projectRoot } from '../../../src/paths.js'
import { createTally, type UploadedFile } from '../../../src/datasets/limits.js'
import type { TableSource } from '../../../src/datasets/table/source.js'
import { wideLimits } from '../files.js'

/** A file of test/fixtures/tables, whose make.py says how they were made. */
export function fixture (name: string): UploadedFile {
  return { path: path.join(projectRoot, 'test', 'fixtures', 'tables', name), name }
}

export const tally = () => createTally(wideLimits)

export interface Table { texts: string[][], numbers: number[][], lines: number[] }

/** Reads a whole table. */
export async function readAll (source: Pick<TableSource, 'read'>): Promise<Table> {
  const table: Table = { texts: [], numbers: [], lines: [] }
  for await (const cells of source.read()) {
    const columns = Array.from({ length: cells.width }, (_, column) => column)
    for (let row = 0; row < cells.rows; row++) {
      table.texts.push(columns.map(column => cells.text(row, column)))
      table.numbers.push(columns.map(column => cells.number(row, column)))
      table.lines.push(cells.lineOf(row))
    }
  }
  return table
}
