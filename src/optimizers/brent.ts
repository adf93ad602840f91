/**
 * Minimum of a function of one variable without derivatives: a bracket by golden expansion with parabolas (Press et al.,
 * "Numerical Recipes", mnbrak), then Brent's method (Brent 1973, "Algorithms for minimization without derivatives",
 * chapter 5). Constants and order of evaluations are those of SciPy's bracket and Brent, so the counts agree; the result is
 * the least value seen, which SciPy may pass and lose.
 */

export interface LineMinimum {
  /** where the least value was found; 0, the start, when nothing lower than f(0) was */
  t: number
  value: number
  /** of f, all of this search */
  evaluations: number
  /** minimum: found, or the line is flat. unbounded: the value falls as far as was looked. cut: the evaluations were used up. */
  end: 'minimum' | 'unbounded' | 'cut'
}

/** Three points with the least value at b; a, b, c in rising or falling order. */
interface Bracket { a: number, b: number, c: number, fa: number, fb: number, fc: number }

const golden = 1.618034
const goldenSection = 0.3819660
const farthestJump = 110 // in widths of the bracket so far
/** The interval is then 10^14 wide, if it grew by the golden section each time, to 10^143. */
const maxExpansions = 70
const maxIterations = 500
const leastTolerance = 1e-11

/**
 * Makes a search that allocates nothing when it runs; the result object is the same each time.
 * @param tolerance  relative, of t
 */
export function createBrent (tolerance: number): (f: (t: number) => number, maxEvaluations?: number) => LineMinimum {
  const bracket: Bracket = { a: 0, b: 0, c: 0, fa: 0, fb: 0, fc: 0 }
  const minimum: LineMinimum = { t: 0, value: 0, evaluations: 0, end: 'minimum' }
  let along: (t: number) => number
  let max: number

  return function minimize (f, maxEvaluations = Infinity) {
    along = f
    max = maxEvaluations
    minimum.t = 0
    minimum.value = Infinity
    minimum.evaluations = 0
    minimum.end = 'minimum'
    expand(evaluate, bracket, minimum, max)
    if (minimum.end === 'minimum' && isValid(bracket)) shrink(evaluate, bracket, tolerance, minimum, max)
    return minimum
  }

  /** Keeps the least value. Those that are no numbers are too high. */
  function evaluate (t: number): number {
    const value = along(t)
    minimum.evaluations++
    if (!Number.isFinite(value)) return Infinity
    if (value < minimum.value) {
      minimum.t = t
      minimum.value = value
    }
    return value
  }
}

/** Goes downhill from 0 and 1 until the value rises again. */
function expand (f: (t: number) => number, found: Bracket, minimum: LineMinimum, max: number): void {
  let a = 0
  let b = 1
  let fa = f(0)
  let fb = f(1)
  if (fa < fb) {
    [a, b] = [1, 0];
    [fa, fb] = [fb, fa]
  }
  let c = b + golden * (b - a)
  let fc = f(c)
  for (let i = 0; fc < fb; i++) {
    if (i === maxExpansions || minimum.evaluations >= max) {
      minimum.end = i === maxExpansions ? 'unbounded' : 'cut'
      return
    }
    const p = (b - a) * (fb - fc)
    const q = (b - c) * (fb - fa)
    let u = b - ((b - c) * q - (b - a) * p) / (2 * (q - p)) // minimum of the parabola through the three; not finite for a line
    const limit = b + farthestJump * (c - b)
    let fu: number
    if ((u - c) * (b - u) > 0) { // between b and c
      fu = f(u)
      if (fu < fc) {
        a = b
        fa = fb
        b = u
        fb = fu
        break
      }
      if (fu > fb) {
        c = u
        fc = fu
        break
      }
      u = c + golden * (c - b)
      fu = f(u)
    } else if ((u - limit) * (limit - c) >= 0) { // beyond the limit
      u = limit
      fu = f(u)
    } else if ((u - limit) * (c - u) > 0) { // between c and the limit
      fu = f(u)
      if (fu < fc) {
        b = c
        fb = fc
        c = u
        fc = fu
        u = c + golden * (c - b)
        fu = f(u)
      }
    } else {
      u = c + golden * (c - b)
      fu = f(u)
    }
    a = b
    fa = fb
    b = c
    fb = fc
    c = u
    fc = fu
  }
  found.a = a
  found.b = b
  found.c = c
  found.fa = fa
  found.fb = fb
  found.fc = fc
}

function isValid ({ a, b, c, fa, fb, fc }: Bracket): boolean {
  const isLow = (fb < fc && fb <= fa) || (fb < fa && fb <= fc)
  const isOrdered = (a < b && b < c) || (c < b && b < a)
  return isLow && isOrdered && Number.isFinite(a) && Number.isFinite(c)
}

/** Brent's method within a valid bracket. x: least value; w: second; v: third; u: latest. */
function shrink (f: (t: number) => number, bracket: Bracket, tolerance: number, minimum: LineMinimum, max: number): void {
  let a = Math.min(bracket.a, bracket.c)
  let b = Math.max(bracket.a, bracket.c)
  let x = bracket.b
  let w = x
  let v = x
  let fx = bracket.fb
  let fw = fx
  let fv = fx
  let step = 0
  let stepBefore = 0
  for (let i = 0; i < maxIterations; i++) {
    if (minimum.evaluations >= max) {
      minimum.end = 'cut'
      return
    }
    const min = tolerance * Math.abs(x) + leastTolerance
    const middle = 0.5 * (a + b)
    if (Math.abs(x - middle) < 2 * min - 0.5 * (b - a)) break

    let isGolden = true
    if (Math.abs(stepBefore) > min) {
      const r = (x - w) * (fx - fv)
      const s = (x - v) * (fx - fw)
      let p = (x - v) * s - (x - w) * r
      let q = 2 * (s - r)
      if (q > 0) p = -p
      q = Math.abs(q)
      const before = stepBefore
      stepBefore = step
      // The parabola counts when it stays inside and moves less than half the step before last.
      if (p > q * (a - x) && p < q * (b - x) && Math.abs(p) < Math.abs(0.5 * q * before)) {
        isGolden = false
        step = p / q
        const u = x + step
        if (u - a < 2 * min || b - u < 2 * min) step = middle - x >= 0 ? min : -min
      }
    }
    if (isGolden) {
      stepBefore = x >= middle ? a - x : b - x
      step = goldenSection * stepBefore
    }
    const u = Math.abs(step) >= min ? x + step : step >= 0 ? x + min : x - min
    const fu = f(u)

    if (fu > fx) {
      if (u < x) a = u
      else b = u
      if (fu <= fw || w === x) {
        v = w
        fv = fw
        w = u
        fw = fu
      } else if (fu <= fv || v === x || v === w) {
        v = u
        fv = fu
      }
    } else {
      if (u >= x) a = x
      else b = x
      v = w
      fv = fw
      w = x
      fw = fx
      x = u
      fx = fu
    }
  }
  if (fx <= minimum.value) minimum.t = x // of equal ones the last
}
