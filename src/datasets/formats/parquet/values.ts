/** What the values of a Parquet column are as cells of a table: their text and their number. */
import type { ParquetParsers, SchemaElement, TimeUnit } from 'hyparquet'

/** A value as hyparquet gives it; null and undefined where there is none. */
export type Value = number | bigint | string | boolean | Uint8Array | null | undefined

export interface ValueType {
  /** how hyparquet is told to read the column: with as little made of its values as can be */
  element: SchemaElement
  text (value: Exclude<Value, null | undefined>): string
  /** NaN where it is no finite number */
  number (value: Exclude<Value, null | undefined>): number
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Dates and times stay the integers that they are, and what is no text is refused. */
export const parsers: Partial<ParquetParsers> = {
  timestampFromNanoseconds: nanoseconds => nanoseconds,
  stringFromBytes: bytes => bytes as Uint8Array | undefined && decoder.decode(bytes)
}

const PER_SECOND: Record<TimeUnit, bigint> = { MILLIS: 1000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n }
const DAY_MS = 86_400_000
const LAST_MS = 8.64e15
const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/

/**
 * Finds the type of a column.
 * @returns undefined where its values have no text that says the same
 */
export function findValueType (element: SchemaElement): ValueType | undefined {
  const { type, converted_type: converted, logical_type: logical } = element
  const { converted_type: _, logical_type: __, ...bare } = element
  if (logical?.type === 'DECIMAL' || converted === 'DECIMAL') return typeDecimal(bare, element.scale ?? (logical?.type === 'DECIMAL' ? logical.scale : 0))
  if (type === 'INT96') return typeTimestamp(bare, 'NANOS', false)
  if (logical?.type === 'TIMESTAMP') return typeTimestamp(bare, logical.unit, logical.isAdjustedToUTC)
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS') return typeTimestamp(bare, converted === 'TIMESTAMP_MILLIS' ? 'MILLIS' : 'MICROS', true)
  if (logical?.type === 'TIME') return typeTime(bare, logical.unit)
  if (converted === 'TIME_MILLIS' || converted === 'TIME_MICROS') return typeTime(bare, converted === 'TIME_MILLIS' ? 'MILLIS' : 'MICROS')
  if (logical?.type === 'DATE' || converted === 'DATE') return { element: bare, text: days => sayDate(Number(days) * DAY_MS) ?? String(days), number: () => NaN }
  if (logical?.type === 'UUID') return { element, text: String, number: () => NaN }
  if (logical?.type === 'FLOAT16') return { element, text: sayFloat32, number: toFinite }
  const isOther = converted === 'BSON' || converted === 'INTERVAL' || ['BSON', 'INTERVAL', 'GEOMETRY', 'GEOGRAPHY', 'VARIANT', 'FILE'].includes(logical?.type ?? '')
  if (isOther) return undefined
  switch (type) {
    case 'BOOLEAN': return { element: bare, text: String, number: () => NaN }
    case 'INT32':
    case 'INT64': return { element, text: String, number: Number } // hyparquet knows which are unsigned
    case 'FLOAT': return { element: bare, text: sayFloat32, number: toFinite }
    case 'DOUBLE': return { element: bare, text: String, number: toFinite }
    // Some programs do not say that bytes are text: the decoder does.
    case 'BYTE_ARRAY': return { element: { ...bare, converted_type: 'UTF8' }, text: String, number: numberOfText }
    default: return undefined
  }
}

function typeDecimal (element: SchemaElement, scale: number): ValueType {
  const text: ValueType['text'] = value => sayDecimal(value instanceof Uint8Array ? toInteger(value) : BigInt(value as number | bigint), scale)
  return { element, text, number: value => Number(text(value)) }
}

function typeTimestamp (element: SchemaElement, unit: TimeUnit, isUtc: boolean): ValueType {
  const perSecond = PER_SECOND[unit]
  return {
    element,
    text (value) {
      const count = BigInt(value as number | bigint)
      const fraction = ((count % perSecond) + perSecond) % perSecond
      const seconds = Number((count - fraction) / perSecond)
      const date = sayDate(seconds * 1000)
      if (date === undefined) return String(value)
      const inDay = ((seconds % 86_400) + 86_400) % 86_400
      // Where a column of moments has days only, its cells are days.
      return inDay === 0 && fraction === 0n && !isUtc ? date : `${date}T${sayTime(inDay, fraction, perSecond)}${isUtc ? 'Z' : ''}`
    },
    number: () => NaN
  }
}

function typeTime (element: SchemaElement, unit: TimeUnit): ValueType {
  const perSecond = PER_SECOND[unit]
  return {
    element,
    text (value) {
      const count = BigInt(value as number | bigint)
      return sayTime(Number(count / perSecond), count % perSecond, perSecond)
    },
    number: () => NaN
  }
}

/** The day of a moment, undefined beyond the days that Date knows. */
function sayDate (ms: number): string | undefined {
  return Math.abs(ms) > LAST_MS ? undefined : new Date(ms).toISOString().replace(/T.*/, '')
}

function sayTime (seconds: number, fraction: bigint, perSecond: bigint): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const decimals = fraction === 0n ? '' : `.${String(fraction + perSecond).slice(1).replace(/0+$/, '')}`
  return parts.map(part => String(part).padStart(2, '0')).join(':') + decimals
}

function sayDecimal (unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale))
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Big-endian, in two's complement. */
function toInteger (bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
}

/** The shortest text that is the same float32. */
function sayFloat32 (value: unknown): string {
  const float = Number(value)
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(float.toPrecision(digits))
    if (Math.fround(rounded) === float) return String(rounded)
  }
  return String(Number(float.toPrecision(9)))
}

function toFinite (value: unknown): number {
  return Number.isFinite(value) ? value as number : NaN
}

function numberOfText (value: unknown): number {
  const text = String(value)
  return DECIMAL.test(text) && Number.isFinite(Number(text)) ? Number(text) : NaN
}
