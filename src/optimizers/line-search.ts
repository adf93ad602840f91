/**
 * The line search of descent.ts: a step that meets the strong Wolfe conditions (Nocedal and Wright 2006, equations 3.7) by
 * Moré and Thuente's search (more-thuente.ts); where that finds none, the lowest point that it passed.
 */
import { maxTrials, searchMoreThuente, type Line, type WolfeConstants } from './more-thuente.js'
import { brief, type Progress } from './progress.js'
import { addScaled, distance, dot, isSame, largest } from '../math/vectors.js'

/**
 * wolfe    the step meets both conditions
 * lower    none does, but this one is lower than all others that were tried, and than the start
 * endless  the same, and the value only falls as far as was looked
 * none     no step is lower
 * cut      the budget has ended the run within the search
 */
export type Found = 'wolfe' | 'lower' | 'endless' | 'none' | 'cut'

export interface LineSearch {
  /** of the step that was found, in lengths of the direction */
  readonly step: number
  /** gradient at the new point */
  readonly gradient: Float64Array
  /**
   * Searches from progress.theta along the direction.
   * @param slope      gradient at progress.theta . direction
   * @param direction  [size], not changed before `take`
   * @param first      first step to try, > 0
   */
  run (slope: number, direction: Float64Array, first: number): Found
  /** Goes to the step that was found: theta, value, gradientNorm and stepLength of the progress. */
  take (): void
  /** Ends the progress after `run` found none, with the reason that fits. */
  giveUp (): void
}

/** Trials that the budget never cuts: most searches take fewer, so that a run cut by it goes on as if it had not been. */
const fewTrials = 20

/** @param constants  c1 for the decrease, c2 for the slope, 0 < c1 < c2 < 1 */
export function createLineSearch (progress: Progress, constants: WolfeConstants): LineSearch {
  const point = new Float64Array(progress.size)
  const gradient = new Float64Array(progress.size)
  const state = { step: NaN, trials: 0, sawFinite: false }
  const lowest = { t: 0, value: NaN }
  let along: Float64Array = point
  const line = { value: NaN, slope: NaN, move } satisfies Line

  function move (t: number): boolean {
    addScaled(point, progress.theta, t, along)
    if (isSame(point, progress.theta)) return false
    line.value = progress.evaluateGradient(point, gradient)
    line.slope = dot(gradient, along)
    state.trials++
    if (!Number.isFinite(line.value) || !Number.isFinite(line.slope)) {
      line.value = Infinity // too far, whatever it is
      return true
    }
    state.sawFinite = true
    if (line.value < lowest.value) {
      lowest.t = t
      lowest.value = line.value
    }
    return true
  }

  function run (slope: number, direction: Float64Array, first: number): Found {
    along = direction
    state.trials = 0
    state.sawFinite = false
    lowest.t = 0
    lowest.value = progress.value
    const limit = Math.min(maxTrials, Math.max(fewTrials, Math.floor(progress.evaluationsLeft / 2)))
    const step = searchMoreThuente(line, progress.value, slope, first, constants, limit)
    state.step = Number.isFinite(step) ? step : lowest.t
    if (Number.isFinite(step)) return 'wolfe'
    if (state.trials === limit && limit < maxTrials && !progress.canSpend(2)) return 'cut'
    if (lowest.t === 0) return 'none'
    move(lowest.t)
    return step === Infinity ? 'endless' : 'lower'
  }

  function take (): void {
    progress.stepLength = distance(point, progress.theta)
    progress.theta.set(point)
    progress.value = line.value
    progress.gradientNorm = largest(gradient)
  }

  function giveUp (): void {
    const { value, gradientNorm, gradientTolerance, first } = progress
    // What rounding lets a gradient reach is not known here: 100 tolerances is what the default asks of float32 (1e-3).
    const smallEnough = Math.max(100 * gradientTolerance, 1.5e-8 * Math.abs(value), 1e-12 * first.gradientNorm)
    if (state.trials > 0 && !state.sawFinite) progress.end('not-finite', 'the line search met only points whose value or gradient is NaN or infinite')
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
    gradient,
    run,
    take,
    giveUp
  }
}
