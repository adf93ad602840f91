/**
 * The line search of Moré and Thuente (1994, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS 20),
 * as in MINPACK-2's dcsrch and dcstep: it keeps an interval that holds a step with
 *   phi(t) <= phi(0) + c1 t phi'(0)   and   |phi'(t)| <= c2 |phi'(0)|
 * and shrinks it by cubic and quadratic interpolation. A step to where the function is no number is too long: it is halved.
 * Called from line-search.ts.
 */

/** phi(t) = f(theta + t direction), evaluated where `move` was last. */
export interface Line {
  readonly value: number
  readonly slope: number
  /**
   * Evaluates value and slope at t; the value is Infinity where either is not finite.
   * @returns false, and evaluates nothing, when t is too small to change theta
   */
  move (t: number): boolean
}

export interface WolfeConstants { c1: number, c2: number }

/** Trials of one search: as SciPy's. */
export const maxTrials = 100
/** an interval this narrow, relative to its end, is at rounding */
const leastWidth = 1e-14

/** x: the end with the least value; y: the other end; t: the trial. */
interface Interval { x: number, valueX: number, slopeX: number, y: number, valueY: number, slopeY: number, bracketed: boolean, t: number }

/**
 * Searches from phi(0) = value0, phi'(0) = slope0 < 0. Where it succeeds, the line was moved last to the step returned.
 * @param first  the first trial, > 0
 * @param max   trials, maxTrials when absent
 * @returns the step; NaN when rounding or so many trials end it before both conditions hold; Infinity after maxTrials that
 *   have only fallen, each up to five times as far as the one before
 */
export function searchMoreThuente (
  line: Line, value0: number, slope0: number, first: number, { c1, c2 }: WolfeConstants, max = maxTrials
): number {
  if (!(first > 0 && first < Infinity) || !(slope0 < 0)) return NaN
  const decrease = c1 * slope0
  const ends: Interval = { x: 0, valueX: value0, slopeX: slope0, y: 0, valueY: value0, slopeY: slope0, bracketed: false, t: first }
  let seeksDecrease = true // stage 1: of psi(t) = phi(t) - phi(0) - c1 t phi'(0)
  let width = Infinity
  let previousWidth = Infinity
  let low = 0
  let high = 5 * first
  let wall = Infinity // the latest trial that gave no number

  for (let trials = 1; trials <= max; trials++) {
    const t = ends.t
    if (!line.move(t)) return NaN
    const { value, slope } = line
    if (value === Infinity) {
      wall = t
      ends.t = ends.x + (t - ends.x) / 2
      if (isNarrow(ends.x, wall)) return NaN
      continue
    }
    const bound = value0 + t * decrease
    if (value <= bound && Math.abs(slope) <= c2 * -slope0) return t
    if (seeksDecrease && value <= bound && slope >= 0) seeksDecrease = false

    if (seeksDecrease && value <= ends.valueX && value > bound) {
      tilt(ends, -decrease)
      interpolate(ends, value - t * decrease, slope - decrease, low, high)
      tilt(ends, decrease)
    } else {
      interpolate(ends, value, slope, low, high)
    }

    if (ends.bracketed) {
      // Two moves that shrink it by less than a third: halve it.
      if (Math.abs(ends.y - ends.x) >= 0.66 * previousWidth) ends.t = ends.x + 0.5 * (ends.y - ends.x)
      previousWidth = width
      width = Math.abs(ends.y - ends.x)
      low = Math.min(ends.x, ends.y)
      high = Math.max(ends.x, ends.y)
    } else {
      low = ends.t + 1.1 * (ends.t - ends.x)
      high = ends.t + 4 * (ends.t - ends.x)
    }
    if (ends.bracketed && (ends.t <= low || ends.t >= high || isNarrow(low, high))) return NaN
    if ((ends.t - wall) * (wall - ends.x) >= 0) ends.t = ends.x + (wall - ends.x) / 2 // the wall is in between
    if (!Number.isFinite(ends.t)) return NaN
  }
  return max === maxTrials && !ends.bracketed && wall === Infinity ? Infinity : NaN
}

function isNarrow (a: number, b: number): boolean {
  return Math.abs(b - a) <= leastWidth * Math.max(a, b)
}

/** From phi to psi (by -c1 phi'(0)) and back. */
function tilt (ends: Interval, slope: number): void {
  ends.valueX += ends.x * slope
  ends.valueY += ends.y * slope
  ends.slopeX += slope
  ends.slopeY += slope
}

/** dcstep: the next trial from both ends and the present trial, which then replaces one of them. */
function interpolate (ends: Interval, value: number, slope: number, low: number, high: number): void {
  const { x, valueX, slopeX, y, valueY, slopeY, t } = ends
  const turns = Math.sign(slope) * Math.sign(slopeX) < 0
  let next: number

  if (value > valueX) {
    // 1. Higher: the minimum is between. The cubic's when it is nearer to x than the quadratic's, else their mean.
    const [theta, gamma] = cubic(x, valueX, slopeX, t, value, slope)
    const g = t < x ? -gamma : gamma
    const cubicStep = x + ((g - slopeX) + theta) / (((g - slopeX) + g) + slope) * (t - x)
    const quadraticStep = x + ((slopeX / ((valueX - value) / (t - x) + slopeX)) / 2) * (t - x)
    next = Math.abs(cubicStep - x) <= Math.abs(quadraticStep - x) ? cubicStep : cubicStep + (quadraticStep - cubicStep) / 2
    ends.bracketed = true
  } else if (turns) {
    // 2. Lower, and the slope has turned: the minimum is between. The farther of cubic and secant step.
    const [theta, gamma] = cubic(x, valueX, slopeX, t, value, slope)
    const g = t > x ? -gamma : gamma
    const cubicStep = t + ((g - slope) + theta) / (((g - slope) + g) + slopeX) * (x - t)
    const secantStep = t + (slope / (slope - slopeX)) * (x - t)
    next = Math.abs(cubicStep - t) > Math.abs(secantStep - t) ? cubicStep : secantStep
    ends.bracketed = true
  } else if (Math.abs(slope) < Math.abs(slopeX)) {
    // 3. Lower, same sign, flatter: the cubic counts only when it goes to infinity along the step or has its minimum beyond.
    const [theta, gamma] = cubic(x, valueX, slopeX, t, value, slope)
    const g = t > x ? -gamma : gamma
    const r = ((g - slope) + theta) / ((g + (slopeX - slope)) + g)
    const cubicStep = r < 0 && g !== 0 ? t + r * (x - t) : t > x ? high : low
    const secantStep = t + (slope / (slope - slopeX)) * (x - t)
    const cubicIsNearer = Math.abs(cubicStep - t) < Math.abs(secantStep - t)
    if (ends.bracketed) {
      next = cubicIsNearer ? cubicStep : secantStep
      const limit = t + 0.66 * (y - t)
      next = t > x ? Math.min(limit, next) : Math.max(limit, next)
    } else {
      next = Math.abs(cubicStep - t) > Math.abs(secantStep - t) ? cubicStep : secantStep
      next = Math.min(Math.max(next, low), high)
    }
  } else if (ends.bracketed) {
    // 4. Lower, same sign, no flatter: the cubic through t and y,
    const [theta, gamma] = cubic(t, value, slope, y, valueY, slopeY)
    const g = t > y ? -gamma : gamma
    next = t + ((g - slope) + theta) / (((g - slope) + g) + slopeY) * (y - t)
  } else {
    // or as far as allowed.
    next = t > x ? high : low
  }

  if (value > valueX) {
    ends.y = t
    ends.valueY = value
    ends.slopeY = slope
  } else {
    if (turns) {
      ends.y = x
      ends.valueY = valueX
      ends.slopeY = slopeX
    }
    ends.x = t
    ends.valueX = value
    ends.slopeX = slope
  }
  ends.t = next
}

/** theta and gamma of the cubic through two points with their slopes; the radicand is cut at 0, where rounding takes it below. */
function cubic (a: number, valueA: number, slopeA: number, b: number, valueB: number, slopeB: number): [number, number] {
  const theta = 3 * (valueA - valueB) / (b - a) + slopeA + slopeB
  const s = Math.max(Math.abs(theta), Math.abs(slopeA), Math.abs(slopeB))
  return [theta, s * Math.sqrt(Math.max(0, (theta / s) ** 2 - (slopeA / s) * (slopeB / s)))]
}
