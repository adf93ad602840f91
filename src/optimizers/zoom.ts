/**
 * The line search of Nocedal and Wright (2006, "Numerical Optimization", algorithms 3.5 and 3.6): doubles the step until
 * an interval holds one that meets the strong Wolfe conditions, then zooms in. Used where Moré and Thuente's gives up, and
 * where a method refuses its step. Its limits are those of SciPy's line_search_wolfe2. Infinite values only shorten the step.
 */
import type { Line, WolfeConstants } from './more-thuente.js'

const mostDoublings = 10
const mostZooms = 11

/**
 * @param first    the first trial, > 0
 * @param accepts  asked at a step that meets both conditions, where the line stands
 * @returns the step, where the line was moved last, or NaN. After ten doublings the last step is taken although it is still steep.
 */
export function searchZoom (
  line: Line, value0: number, slope0: number, first: number, { c1, c2 }: WolfeConstants, accepts: () => boolean
): number {
  if (!(first > 0) || !(slope0 < 0)) return NaN
  let previous = 0
  let previousValue = value0
  let previousSlope = slope0
  let t = first
  line.move(t)
  for (let i = 0; i < mostDoublings; i++) {
    if (line.value > value0 + c1 * t * slope0 || (i > 0 && line.value >= previousValue)) {
      return zoom(previous, previousValue, previousSlope, t, line.value)
    }
    if (Math.abs(line.slope) <= -c2 * slope0 && accepts()) return t
    if (line.slope >= 0) return zoom(t, line.value, line.slope, previous, previousValue)
    previous = t
    previousValue = line.value
    previousSlope = line.slope
    t *= 2
    line.move(t)
  }
  return line.value <= value0 + c1 * t * slope0 ? t : NaN

  /** `low` has the least value so far, and its slope points to `high`. */
  function zoom (low: number, lowValue: number, lowSlope: number, high: number, highValue: number): number {
    let recent = 0
    let recentValue = value0
    for (let i = 0; i < mostZooms; i++) {
      const width = high - low
      let trial = i > 0 ? cubicMinimum(low, lowValue, lowSlope, high, highValue, recent, recentValue) : NaN
      if (!isInside(trial, low, high, 0.2 * width)) trial = quadraticMinimum(low, lowValue, lowSlope, high, highValue)
      if (!isInside(trial, low, high, 0.1 * width)) trial = low + 0.5 * width
      line.move(trial)
      const trialValue = line.value
      if (trialValue > value0 + c1 * trial * slope0 || trialValue >= lowValue) {
        recent = high
        recentValue = highValue
        high = trial
        highValue = trialValue
        continue
      }
      if (Math.abs(line.slope) <= -c2 * slope0 && accepts()) return trial
      if (line.slope * (high - low) >= 0) {
        recent = high
        recentValue = highValue
        high = low
        highValue = lowValue
      } else {
        recent = low
        recentValue = lowValue
      }
      low = trial
      lowValue = trialValue
      lowSlope = line.slope
    }
    return NaN
  }
}

/**
 * Between both ends, and not nearer than the margin. The margin has the sign of high - low, and so is negative where they
 * are the other way round: as in SciPy, whose counts this follows. NaN is not inside.
 */
function isInside (t: number, low: number, high: number, margin: number): boolean {
  return t <= Math.max(low, high) - margin && t >= Math.min(low, high) + margin
}

/** Minimum of the cubic through (a, fa) with slope ga, (b, fb) and (c, fc); not finite when there is none. */
function cubicMinimum (a: number, fa: number, ga: number, b: number, fb: number, c: number, fc: number): number {
  const db = b - a
  const dc = c - a
  const scale = (db * dc) ** 2 * (db - dc)
  const rb = fb - fa - ga * db
  const rc = fc - fa - ga * dc
  const cube = (dc ** 2 * rb - db ** 2 * rc) / scale
  const square = (-(dc ** 3) * rb + db ** 3 * rc) / scale
  return a + (-square + Math.sqrt(square * square - 3 * cube * ga)) / (3 * cube)
}

/** Minimum of the parabola through (a, fa) with slope ga and (b, fb). */
function quadraticMinimum (a: number, fa: number, ga: number, b: number, fb: number): number {
  const db = b - a
  return a - ga / (2 * (fb - fa - ga * db) / (db * db))
}
