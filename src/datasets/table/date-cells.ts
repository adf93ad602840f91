/**
 * Dates and times as tables write them: 2024-01-31, 31.1.2024, 1/31/2024, each also with a time. A time zone is read, but
 * what becomes of the cell are the numbers as they stand. Rows that are asked about have ISO dates: dates.ts.
 */
import type { dateParts } from '../description.js'

/** In which order a date has its year, month and day. */
export const dateOrders = ['YMD', 'DMY', 'MDY'] as const
export type DateOrder = typeof dateOrders[number]

export interface ReadDate {
  parts: Record<typeof dateParts[number], number>
  /** how exact it is */
  has: 'day' | 'minute' | 'second'
  /** as it stands; '' where there is none */
  zone: string
  /** the moment without its zone, as a text that sorts */
  sortable: string
}

const TIME = '(?:[T ](\\d{1,2}):(\\d{2})(?::(\\d{2}(?:\\.\\d{1,9})?))? ?(Z|[-+]\\d{2}:?\\d{2})?)?'
const YEAR_FIRST = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${TIME}$`)
const YEAR_LAST = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4})${TIME}$`)
const DIGITS = /^(\d{4})(\d{2})(\d{2})$/

/** Reads a date. @returns undefined when the text is none that exists, in this order */
export function readDate (text: string, order: DateOrder): ReadDate | undefined {
  const found = order === 'YMD' ? YEAR_FIRST.exec(text) ?? compact(text) : YEAR_LAST.exec(text)
  if (!found) return undefined
  const [a, b, c] = [Number(found[1]), Number(found[3]), Number(found[4])]
  const [year, month, day] = order === 'YMD' ? [a, b, c] : order === 'DMY' ? [c, b, a] : [c, a, b]
  const [hour, minute, second] = [Number(found[5] ?? 0), Number(found[6] ?? 0), Number(found[7] ?? 0)]
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month) || hour > 23 || minute > 59 || second >= 60) return undefined
  return {
    parts: { year, month, day, weekday: weekdayOf(year, month, day), hour, minute, second },
    has: found[5] === undefined ? 'day' : found[7] === undefined ? 'minute' : 'second',
    zone: found[8] ?? '',
    sortable: sayDate(year, month, day, found[5] === undefined ? '' : ` ${pad(hour)}:${pad(minute)}${found[7] === undefined ? '' : `:${found[7]}`}`)
  }
}

function compact (text: string): RegExpExecArray | undefined {
  const found = DIGITS.exec(text)
  return found === null ? undefined : Object.assign(found, [found[0], found[1], '', found[2], found[3]])
}

function sayDate (year: number, month: number, day: number, time: string): string {
  return `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}${time}`
}

function pad (number: number): string {
  return String(number).padStart(2, '0')
}

function daysOf (year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** What the months before add to the day of the week, in years that begin in March. */
const MONTHS = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]

/** 1 (Monday) .. 7, in the Gregorian calendar (Sakamoto): ten times as quick as with a Date. */
function weekdayOf (year: number, month: number, day: number): number {
  const y = year + 400 - (month < 3 ? 1 : 0) // days repeat after 400 years; no remainder is negative
  return (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + MONTHS[month - 1]! + day) % 7 || 7
}
