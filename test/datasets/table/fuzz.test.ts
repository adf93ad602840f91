/** Random tables with quotes, blanks, missing words and dates: what is stored, read back by its source, is what was written. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FieldOf } from '../../../src/datasets/description.js'
import { readRow, toRow } from '../../../src/datasets/table/rows.js'
import { openStream, type RandomStream } from '../../../src/math/random.js'
import { readTable, type CsvOptions } from './tables.js'

type Kind = 'number' | 'words' | 'ordinal' | 'date' | 'time'
interface Column { name: string, kind: Kind, gaps: boolean, told: boolean }

const TABLES = 60
const missingWords = ['?', 'n/a', '-999']
const pick = <T>(stream: RandomStream, values: readonly T[]): T => values[stream.integer(values.length)]!
const words = ['red', 'light blue', 'a,b', 'say "x"', 'two\twords', 'é', '7up', 'NA', '__proto__', 'ends here ', '1e']
  .map(word => word.replaceAll('\t', ' ').trim())

function drawCell ({ kind, gaps }: Column, stream: RandomStream): string | number | null {
  if (gaps && stream.uniform() < 0.15) return null
  const two = (from: number, count: number) => String(from + stream.integer(count)).padStart(2, '0')
  const day = `${1950 + stream.integer(100)}-${two(1, 12)}-${two(1, 28)}`
  switch (kind) {
    case 'number': return pick(stream, [stream.normal(), stream.integer(1000) - 500, 0, 1e-30, -2.5e30, 16777216])
    case 'date': return day
    case 'time': return `${day}T${two(0, 24)}:${two(0, 60)}:${two(0, 60)}`
    default: return pick(stream, words)
  }
}

/** A cell as some program may write it. */
function write (cell: string | number | null, separator: string, stream: RandomStream): string {
  const text = cell === null ? pick(stream, ['', ...missingWords]) : String(cell)
  const mustQuote = text.includes(separator) || text.includes('"')
  const quoted = mustQuote || (text !== '' && stream.uniform() < 0.2) ? `"${text.replaceAll('"', '""')}"` : text
  return pick(stream, ['', '', ' ']) + quoted + pick(stream, ['', '', ' '])
}

function drawTable (stream: RandomStream): { columns: Column[], rows: Record<string, string | number | null>[], labels: string[] } {
  const columns = Array.from({ length: 1 + stream.integer(5) }, (_, i): Column => ({
    name: pick(stream, ['', 'the ', '"q" ']) + `c${i}`,
    kind: pick(stream, ['number', 'words', 'ordinal', 'date', 'time'] as const),
    gaps: stream.uniform() < 0.5,
    told: stream.uniform() < 0.5
  }))
  columns.push({ name: 'row', kind: 'number', gaps: false, told: false }) // tells equal rows apart
  const rows = Array.from({ length: 30 + stream.integer(40) }, (_, i) => (
    Object.fromEntries(columns.map(column => [column.name, column.name === 'row' ? i / 2 : drawCell(column, stream)]))))
  // Every kind of cell is there, so that what is found is what was meant.
  for (const column of columns.slice(0, -1)) rows[0]![column.name] = drawCell({ ...column, gaps: false }, stream)
  return { columns, rows, labels: rows.map((_, i) => i < 4 ? 'uvuv'[i]! : pick(stream, ['u', 'v'])) }
}

test('prepareTable: every row of a random table comes back as it was written, and the report counts it', async t => {
  const stream = openStream(17, 'tables')
  for (let n = 0; n < TABLES; n++) {
    const { columns, rows, labels } = drawTable(stream)
    const separator = pick(stream, [',', ';', '\t'])
    const line = (cells: (string | number | null)[]) => cells.map(cell => write(cell, separator, stream)).join(separator)
    const text = [line([...columns.map(({ name }) => name), 'class']), ...rows.map((row, i) => line([...columns.map(({ name }) => row[name]!), labels[i]!]))].join(pick(stream, ['\n', '\r\n']))
    const told = columns.filter(({ kind, told }) => kind === 'ordinal' || (kind === 'words') || told).map(({ name, kind }) => (
      [name, kind === 'ordinal' ? { type: 'category', coding: 'ordinal' } : kind === 'words' ? 'category' : kind === 'number' ? 'number' : 'date']))
    const options = { header: 'true', columns: Object.fromEntries(told), missing: missingWords, missingCells: pick(stream, ['mean', 'median']), seed: n } as CsvOptions
    const { fields, train, test: tested, report } = await readTable(t, text, options)
    const field = fields.inputs as FieldOf<'features'>
    const isExact = (a: unknown, b: unknown) => typeof a === 'number' && typeof b === 'number' ? Math.fround(a) === Math.fround(b) : a === b
    const left = rows.map((row, i) => ({ row, label: labels[i]! }))
    for (const [split, { inputs, target }] of Object.entries({ train, tested })) {
      let from = 0
      inputs.forEach((numbers, i) => {
        const back = toRow(field, numbers)!
        const at = left.findIndex(({ row, label }, k) => k >= from && label === 'uv'[target[i]!] && columns.every(({ name }) => isExact(row[name], back[name])))
        assert.ok(at >= 0, `table ${n}, ${split} ${i}: ${JSON.stringify(back)} must be a row that was written, in order\n${text}`)
        const [{ row }] = left.splice(at, 1) as [typeof left[0]]
        from = at
        const stored = [...readRow(field, row, (path, rule, got) => { throw new Error(`${path} ${rule}, got ${JSON.stringify(got)}`) })]
        assert.deepEqual(stored, numbers, `table ${n}: the row as it was written must give what is stored`)
      })
    }
    assert.equal(left.length, 0)
    for (const [i, { name, kind }] of columns.entries()) {
      const cells = rows.map(row => row[name]!).filter(cell => cell !== null)
      assert.equal(report.columns[i]!.name, name)
      assert.equal(report.columns[i]!.missing, rows.length - cells.length)
      assert.equal(report.columns[i]!.type, kind === 'number' ? 'number' : kind === 'words' || kind === 'ordinal' ? 'category' : 'date')
      assert.equal(report.columns[i]!.distinct, new Set(cells.map(String)).size, name)
    }
  }
})
