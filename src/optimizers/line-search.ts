/**
 * The line search of cg.ts, bfgs.ts and lbfgs.ts: a step that meets the strong Wolfe conditions (Nocedal and Wright 2006,
 * equations 3.7) by Moré and Thuente's search (more-thuente.ts), and by algorithm 3.5 (zoom.ts) where that gives up: the
 * order of SciPy's _line_search_wolfe12.
 */
import { searchMoreThuente, type Line, type WolfeConstants } from './more-thuente.js'
import { brief, type Progress } from './progress.js'
import { addScaled, distance, dot, largest } from '../vectors.js'
import { searchZoom } from './zoom.js'

export interface LineSearch {
  /** of the step that was found, in lengths of the direction */
  readonly step: number
  /** value and gradient at the new point */
  readonly value: number
  readonly gradient: Float64Array
  /**
   * Searches from progress.theta along the direction.
   * @param gradient   [size], at progress.theta
   * @param direction  [size], not changed while it runs
   * @param first      first step to try, > 0
   * @param accepts    the method's own condition on a step that meets both others; it may read `value` and `gradient` here
   * @returns whether a step was found
   */
  run (gradient: Float64Array, direction: Float64Array, first: number, accepts?: () => boolean): boolean
  /** Goes to the step that was found: theta, value, gradientNorm and stepLength of the progress. */
  take (): void
  /** Ends the progress after `run` found none, with the reason that fits. */
  giveUp (): void
}

/**
 * The first step to try when the decrease should be about the last one: SciPy's choice, after Nocedal and Wright, equation 3.60.
 * @param slope  gradient . direction, < 0
 */
export function firstStep (value: number, previousValue: number, slope: number): number {
  const step = Math.min(1, 1.01 * 2 * (value - previousValue) / slope)
  return step > 0 ? step : 1
}

const always = (): boolean => true

/** @param constants  c1 for the decrease, c2 for the slope, 0 < c1 < c2 < 1 */
export function createLineSearch (progress: Progress, constants: WolfeConstants): LineSearch {
  const point = new Float64Array(progress.size)
  const gradient = new Float64Array(progress.size)
  const state = { step: NaN, sawNonFinite: false }
  let along: Float64Array = point
  const line = { value: NaN, slope: NaN, move } satisfies Line

  function move (t: number): void {
    addScaled(point, progress.theta, t, along)
    line.value = progress.evaluateGradient(point, gradient)
    line.slope = dot(gradient, along)
    if (Number.isFinite(line.value) && Number.isFinite(line.slope)) return
    line.value = Infinity // too far, whatever it is
    state.sawNonFinite = true
  }

  function run (from: Float64Array, direction: Float64Array, first: number, accepts = always): boolean {
    along = direction
    state.sawNonFinite = false
    const slope = dot(from, direction)
    state.step = searchMoreThuente(line, progress.value, slope, first, constants)
    if (Number.isNaN(state.step) || !accepts()) {
      state.step = searchZoom(line, progress.value, slope, first, constants, accepts)
    }
    return !Number.isNaN(state.step)
  }

  function take (): void {
    progress.stepLength = distance(point, progress.theta)
    progress.theta.set(point)
    progress.value = line.value
    progress.gradientNorm = largest(gradient)
  }

  function giveUp (): void {
    const { value, gradientNorm, gradientTolerance } = progress
    // What rounding lets a gradient reach is not known here: 100 tolerances is what the default asks of float32 (1e-3).
    const smallEnough = Math.max(100 * gradientTolerance, 1.5e-8 * Math.max(1, Math.abs(value)))
    if (state.sawNonFinite) progress.end('not-finite', 'the line search met only steps that are too high, NaN or infinite')
    else if (gradientNorm <= smallEnough) {
      progress.end('stalled', `the line search cannot progress; the largest gradient component, ${brief(gradientNorm)}, ` +
        `is small enough (<= ${brief(smallEnough)}) though above gradientTolerance ${brief(gradientTolerance)}`)
    } else {
      progress.end('line-search', 'no step along the direction meets the strong Wolfe conditions; ' +
        `the largest gradient component is ${brief(gradientNorm)}`)
    }
  }

  return {
    get step () { return state.step },
    get value () { return line.value },
    gradient,
    run,
    take,
    giveUp
  }
}
