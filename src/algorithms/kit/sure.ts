/** How sure a number over the seeds of an arm is, and how that is said. Pure. */
import { meanInterval } from '../../math/intervals.js'

/** A mean over seeds, and between what it lies with 95 %; of one seed there is only its value. */
export interface Sure { mean: number, low: number, high: number, count: number }

/** @param values one per seed; null, which nothing can be said of, makes all NaN */
export function sureOf (values: readonly (number | null)[]): Sure {
  const numbers = values.map(value => value ?? NaN)
  return meanInterval(numbers) ?? { mean: numbers[0]!, low: numbers[0]!, high: numbers[0]!, count: 1 }
}

/** Differences paired by seed: what `left` has more than `right`. Both arms must have the same seeds. */
export function leadOf (left: readonly (number | null)[], right: readonly (number | null)[]): Sure {
  return sureOf(left.map((value, s) => value === null || right[s] === null ? null : value - right[s]!))
}

/** A mean with its interval, in words. */
export function saySure ({ mean, low, high, count }: Sure): string {
  return count === 1 ? say(mean) : `${say(mean)} (${say(low)} to ${say(high)})`
}

/** A number as short as it may be: near 1 by what is missing. */
export function say (value: number): string {
  const missing = Math.abs(1 - value)
  if (missing > 0 && missing < 0.1) return value.toFixed(Math.min(8, Math.max(3, 1 - Math.floor(Math.log10(missing)))))
  return String(Number(value.toPrecision(3)))
}
