/** How a CSV file is written, found from its first lines where the upload does not say it. */
import { toldSeparator, usualSeparators, type CsvReading } from './reading.js'
import type { Dialect } from './split-memory.js'
import { COMMA, POINT, Splitter } from './splitter.js'

const ROWS_LOOKED_AT = 100
/** A cell whose comma is before decimals, whatever is between its thousands. */
const COMMA_NUMBER = /^[-+]?[\d.]*,\d+(?:[eE][-+]?\d+)?$/
/** A number with decimals, before which a comma or a point stands. */
const DECIMALS = { ',': /^[-+]?\d*,\d+(?:[eE][-+]?\d+)?$/, '.': /^[-+]?\d*\.\d+(?:[eE][-+]?\d+)?$/ }

/**
 * Finds separator and quote, and what stands before decimals where it was said.
 * @param sample  the first lines; the first one is whole
 * @param isAll  whether it is the whole file
 */
export function findDialect (sample: Buffer, length: number, isAll: boolean, reading: CsvReading): Dialect {
  const quote = reading.quote === 'none' ? -1 : (reading.quote ?? '"').charCodeAt(0)
  const point = reading.decimal === 'comma' ? COMMA : POINT
  const dialect = (separator: string): Dialect => ({ separator: separator.charCodeAt(0), quote, point })
  const told = toldSeparator(reading)
  if (told !== undefined) return dialect(told)
  const tried = usualSeparators.map(separator => ({ separator, ...trySeparator(dialect(separator), sample, length, isAll) }))
  // The one of which every line has equally many; else the one of which the first line has most.
  const even = tried.filter(({ isEven, width }) => isEven && width > 1)
  // Where decimals have commas, commas may be even too.
  const certain = even.filter(({ hasCommaDecimals }) => hasCommaDecimals)
  const [best] = (certain.length > 0 ? certain : even.length > 0 ? even : tried).sort((a, b) => b.width - a.width)
  return dialect(best!.width > 1 ? best!.separator : ',')
}

interface Trial { width: number, isEven: boolean, hasCommaDecimals: boolean }

/** Splits the first lines at a separator: whether each has as many cells, and the only commas in cells are those of decimals. */
function trySeparator (dialect: Dialect, sample: Buffer, length: number, isAll: boolean): Trial {
  const rows = new Splitter(dialect)
  rows.split(sample, 0, length, isAll)
  let decimals = 0
  let others = 0
  for (let row = 0; row < Math.min(rows.rows, ROWS_LOOKED_AT); row++) {
    for (let column = 0; column < rows.width; column++) {
      const cell = rows.text(row, column)
      if (COMMA_NUMBER.test(cell)) decimals++
      else if (cell.includes(',')) others++
    }
  }
  rows.close()
  return { width: rows.width, isEven: rows.fault === undefined, hasCommaDecimals: decimals > 0 && others === 0 }
}

/**
 * Finds what stands before decimals: a comma where cells are not separated by it, some are numbers such as 3,14 and no
 * cell is one such as 3.14. Reads rows until it is sure.
 */
export async function findPoint (rows: AsyncIterable<Splitter>): Promise<number> {
  let hasCommas = false
  for await (const cells of rows) {
    const hasPoints = cells.has('.')
    if (!hasPoints && (hasCommas || !cells.has(','))) continue
    for (let row = 0; row < cells.rows; row++) {
      for (let column = 0; column < cells.width; column++) {
        const cell = cells.text(row, column)
        if (DECIMALS['.'].test(cell)) return POINT
        hasCommas ||= DECIMALS[','].test(cell)
      }
    }
  }
  return hasCommas ? COMMA : POINT
}
