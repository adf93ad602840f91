/** Dates and times of tables: ISO 8601 text and its parts, as finely as a column's cells have them. */
import type { dateParts } from '../description.js'

export type DatePart = typeof dateParts[number]

const ISO = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d{1,6})?))?Z?)?)?)?$/

/** How fine each part is; a weekday takes a whole date. */
const fineness: Record<DatePart, number> = { year: 0, month: 1, day: 2, weekday: 2, hour: 3, minute: 4, second: 5 }

/**
 * Parts of a date in the order wanted. Finer ones than are wanted must be their least: 00:00:00.
 * @returns undefined where the text is no such date, or is not that fine
 */
export function partsOfDate (text: string, parts: readonly DatePart[]): number[] | undefined {
  const matched = ISO.exec(text.trim())
  if (!matched) return undefined
  const given = matched.slice(1).map(part => part === undefined ? undefined : Number(part))
  const wanted = finestOf(parts)
  const isFitting = given.every((part, i) => i <= wanted ? part !== undefined : part === undefined || (i > 2 && part === 0))
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = given
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  const isDate = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  if (!isFitting || !isDate) return undefined
  const known = { year, month, day, weekday: date.getUTCDay() || 7, hour, minute, second }
  return parts.map(part => known[part])
}

/** Writes a date: 2026-11-28, or 2026-11-28T13:45:00, as finely as its parts are. @param values one for each part */
export function formatDate (values: readonly number[], parts: readonly DatePart[]): string {
  const wanted = finestOf(parts)
  const of = (part: DatePart) => values[parts.indexOf(part)] ?? 0
  const two = (part: DatePart) => String(Math.round(of(part))).padStart(2, '0')
  const texts = [
    String(Math.round(of('year'))).padStart(4, '0'), `-${two('month')}`, `-${two('day')}`, `T${two('hour')}`, `:${two('minute')}`, `:${secondOf(of('second'))}`
  ]
  return texts.slice(0, wanted + 1).join('') + (wanted === fineness.hour ? ':00' : '')
}

function finestOf (parts: readonly DatePart[]): number {
  return Math.max(...parts.map(part => fineness[part]))
}

/** Microseconds, where there are such: 05, 05.25. */
function secondOf (second: number): string {
  const [whole, rest = ''] = second.toFixed(6).split('.')
  const fraction = rest.replace(/0+$/, '')
  return `${whole!.padStart(2, '0')}${fraction === '' ? '' : `.${fraction}`}`
}
