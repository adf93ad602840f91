/**
 * Minimum of a function of one variable without derivatives: a bracket by golden expansion with parabolas (Press et al.,
 * "Numerical Recipes", mnbrak), then Brent's method (Brent 1973, "Algorithms for minimization without derivatives",
 * chapter 5). Constants and order of evaluations are those of SciPy's bracket and Brent, so the counts agree.
 */

export interface LineMinimum {
  /** where the least value was found; 0, the start, when nothing lower than f(0) was */
  t: number
  value: number
  /** of f, all of this search */
  evaluations: number
}

/** Three points with the least value at b; a, b, c in rising or falling order. */
interface Bracket { a: number, b: number, c: number, fa: number, fb: number, fc: number, evaluations: number }

const golden = 1.618034
const goldenSection = 0.3819660
const farthestJump = 110 // in widths of the bracket so far
const mostExpansions = 1000
const mostIterations = 500
const leastTolerance = 1e-11

/**
 * Makes a search that allocates nothing when it runs; the result object is the same each time.
 * @param tolerance  relative, of t
 */
export function createBrent (tolerance: number): (f: (t: number) => number) => LineMinimum {
  const bracket: Bracket = { a: 0, b: 0, c: 0, fa: 0, fb: 0, fc: 0, evaluations: 0 }
  const minimum: LineMinimum = { t: 0, value: 0, evaluations: 0 }

  return function minimize (f) {
    const value0 = expand(f, bracket)
    if (isValid(bracket)) shrink(f, bracket, tolerance, minimum)
    else takeLeast(bracket, minimum)
    minimum.evaluations = bracket.evaluations
    if (!(minimum.value <= value0)) {
      minimum.t = 0
      minimum.value = value0
    }
    return minimum
  }
}

/** Values that are no numbers are too high. */
function finite (value: number): number {
  return Number.isFinite(value) ? value : Infinity
}

/** Goes downhill from 0 and 1 until the value rises again. @returns f(0) */
function expand (f: (t: number) => number, found: Bracket): number {
  let a = 0
  let b = 1
  let fa = finite(f(0))
  const value0 = fa
  let fb = finite(f(1))
  if (fa < fb) {
    a = 1
    b = 0
    fa = fb
    fb = value0
  }
  let c = b + golden * (b - a)
  let fc = finite(f(c))
  let evaluations = 3
  for (let i = 0; fc < fb && i <= mostExpansions; i++) {
    const p = (b - a) * (fb - fc)
    const q = (b - c) * (fb - fa)
    const difference = q - p
    const denominator = 2 * (Math.abs(difference) < 1e-21 ? 1e-21 : difference)
    let u = b - ((b - c) * q - (b - a) * p) / denominator // minimum of the parabola through the three
    const limit = b + farthestJump * (c - b)
    let fu: number
    if ((u - c) * (b - u) > 0) { // between b and c
      fu = finite(f(u))
      evaluations++
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
      fu = finite(f(u))
      evaluations++
    } else if ((u - limit) * (limit - c) >= 0) { // beyond the limit
      u = limit
      fu = finite(f(u))
      evaluations++
    } else if ((u - limit) * (c - u) > 0) { // between c and the limit
      fu = finite(f(u))
      evaluations++
      if (fu < fc) {
        b = c
        fb = fc
        c = u
        fc = fu
        u = c + golden * (c - b)
        fu = finite(f(u))
        evaluations++
      }
    } else {
      u = c + golden * (c - b)
      fu = finite(f(u))
      evaluations++
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
  found.evaluations = evaluations
  return value0
}

function isValid ({ a, b, c, fa, fb, fc }: Bracket): boolean {
  const isLow = (fb < fc && fb <= fa) || (fb < fa && fb <= fc)
  const isOrdered = (a < b && b < c) || (c < b && b < a)
  return isLow && isOrdered && Number.isFinite(a) && Number.isFinite(c)
}

/** Of a bracket that is none: the function is flat, or falls without end. */
function takeLeast ({ a, b, c, fa, fb, fc }: Bracket, minimum: LineMinimum): void {
  const isA = fa <= fb && fa <= fc
  minimum.t = isA ? a : fb <= fc ? b : c
  minimum.value = isA ? fa : fb <= fc ? fb : fc
}

/** Brent's method within a valid bracket. x: least value; w: second; v: third; u: latest. */
function shrink (f: (t: number) => number, bracket: Bracket, tolerance: number, minimum: LineMinimum): void {
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
  for (let i = 0; i < mostIterations; i++) {
    const least = tolerance * Math.abs(x) + leastTolerance
    const middle = 0.5 * (a + b)
    if (Math.abs(x - middle) < 2 * least - 0.5 * (b - a)) break

    let isGolden = true
    if (Math.abs(stepBefore) > least) {
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
        if (u - a < 2 * least || b - u < 2 * least) step = middle - x >= 0 ? least : -least
      }
    }
    if (isGolden) {
      stepBefore = x >= middle ? a - x : b - x
      step = goldenSection * stepBefore
    }
    const u = Math.abs(step) >= least ? x + step : step >= 0 ? x + least : x - least
    const fu = finite(f(u))
    bracket.evaluations++

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
  minimum.t = x
  minimum.value = fx
}
