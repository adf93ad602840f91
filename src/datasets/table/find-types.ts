/**
 * Says what a column is, from what was gathered of it over all files. In this order:
 *   told      what the upload says
 *   ignore    no cell has a value
 *   id        without a name, and counts 0, 1, 2, ... or 1, 2, 3, ...
 *   number    every cell with a value is a decimal number
 *   date      every one is a date in the same order of year, month and day, and of the same time zone
 *   refused   half of them or more are numbers: a slip, or a word that means no value
 *   text      four words and more in a cell on average, and half of the cells or more differ
 *   id        every word differs, and there are more than twenty
 *   category  all others
 */
import type { AppError } from '../../errors.js'
import { broken, show, type UploadedFile } from '../limits.js'
import type { ColumnType } from '../report.js'
import type { DateOrder } from './date-cells.js'
import { nameColumn, type Header } from './header.js'
import type { ColumnProfile, Place } from './profile.js'
import type { ToldColumn } from './roles.js'
import { sayRounded } from './targets.js'

export interface TypedColumn {
  profile: ColumnProfile
  type: ColumnType
  told: ToldColumn | undefined
  /** of dates */
  order?: DateOrder
}

const MANY = 20
const TEXT_BLANKS = 3

/** Whether a column's numbers must be read again as words: their texts were not counted before the first word came. */
export function needsWords ({ readsWords, moments, wordCells }: ColumnProfile): boolean {
  return !readsWords && moments.sums[0]! > 0 && wordCells > moments.sums[0]!
}

/** Finds the type of a column that is an input or none. @param file  the training file @throws AppError invalid_dataset when the cells do not fit it */
export function findType (file: UploadedFile, profile: ColumnProfile, told: ToldColumn | undefined, header: Header): TypedColumn {
  const type = told?.type ?? find(file, profile, header)
  checkCells(profile, type, told, header)
  return { profile, type, told, ...(type === 'date' ? { order: orderOf(profile, header) } : {}) }
}

function find (file: UploadedFile, profile: ColumnProfile, header: Header): ColumnType {
  const { moments, words, wordCells } = profile
  const numbers = profile.readsWords ? 0 : moments.sums[0]!
  if (numbers + wordCells === 0) return 'ignore'
  if (header.names?.[profile.position] === '') {
    if (wordCells > 0 || !moments.countsUp) throw broken(file, `column ${profile.position} must have a name, got ""; only a column of row numbers may have none`)
    return 'id'
  }
  if (wordCells === 0) return 'number'
  if (numbers === 0 && profile.dates.orders.length > 0) return 'date'
  if (numbers >= wordCells) {
    throw refuse(profile.firstWord!, profile, header, 'must be a finite number',
      `; ${numbers} of the column’s ${numbers + wordCells} cells are numbers: name it in missing if it means no value, or let columns say that they are a category`)
  }
  const differ = words.isFull ? wordCells : words.counts.size
  if (profile.blanks >= TEXT_BLANKS * wordCells && 2 * differ >= wordCells) return 'text'
  return differ === wordCells && wordCells > MANY ? 'id' : 'category'
}

/** Refuses cells that a type has no place for. */
function checkCells (profile: ColumnProfile, type: ColumnType, told: ToldColumn | undefined, header: Header): void {
  if (type === 'ignore' || type === 'id') return
  if (type === 'number') {
    const { firstWord, firstHuge, firstRounded } = profile
    const other = firstWord ?? firstHuge
    if (other !== undefined) throw refuse(other, profile, header, 'must be a finite number')
    if (firstRounded !== undefined && told === undefined) {
      throw broken(firstRounded.file, sayRounded(`line ${firstRounded.line}, ${nameColumn(profile.position, header)}`, firstRounded.text))
    }
  }
  if (type === 'category' && profile.firstControl !== undefined) throw refuse(profile.firstControl, profile, header, 'must have no control characters')
}

function orderOf (profile: ColumnProfile, header: Header): DateOrder {
  const { dates, firstWord } = profile
  if (dates.firstOther !== undefined) {
    const zone = dates.zone === undefined ? '' : ` with the time zone ${dates.zone === '' ? 'left out' : dates.zone}`
    throw refuse(dates.firstOther, profile, header, `must be a date as 2024-01-31, 31.1.2024 or 1/31/2024, in the column's one order${zone}`)
  }
  // With dots it is the day that comes first, wherever people write dates so.
  if (dates.orders.length > 1 && !/^\d+\./.test(firstWord!.text)) {
    throw refuse(firstWord!, profile, header, 'must be a date whose day and month can be told apart', `; say columns: {${show(String(header.names?.[profile.position] ?? profile.position))}: {"type": "date", "order": "DMY"}} or "MDY"`)
  }
  return dates.orders[0]!
}

function refuse ({ file, line, text }: Place, { position }: ColumnProfile, header: Header, rule: string, cure = ''): AppError {
  return broken(file, `line ${line}, ${nameColumn(position, header)} ${rule}, got ${show(text)}${cure}`)
}
