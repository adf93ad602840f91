/**
 * Powell's method without derivatives (Powell 1964, "An efficient method for finding the minimum of a function of several
 * variables without calculating derivatives", The Computer Journal 7), as SciPy's. Directions u_1 .. u_n, the axes at first.
 * One sweep, from theta_0 with f_0:
 *   1. for each i: theta = minimum along u_i (brent.ts); d = the largest decrease, at i*
 *   2. f_E = f(2 theta - theta_0). Skip 3 unless f_E < f_0 and 2 (f_0 - 2 f + f_E) (f_0 - f - d)² < d (f_0 - f_E)²
 *   3. theta = minimum along theta - theta_0; u_i* = u_n; u_n = the step just made
 * Where 3 is skipped though f_E < f, that point is kept as the best and, once a sweep gains no more, gone on from: going there
 * at once, away from the minima of step 1, ended higher in two of three runs on a 1-15-1 network.
 * A budget may end it between two lines, or within one that is longer than most, which is then searched anew; the state holds
 * the place, and the sweep goes on there.
 */
import { createBrent } from './brent.js'
import { named, readArray, readNumber, requireNumber } from './checks.js'
import type { Objective } from '../math/objective.js'
import type { CommonSettings, Optimizer, OptimizerOptions } from './optimizer.js'
import { brief, createProgress, endUnbounded, toOptimizer } from './progress.js'
import { addScaled, distance, scale } from '../math/vectors.js'

export interface PowellSettings extends CommonSettings {
  /** > 0, 1e-4 when absent; a line search ends within 100 times this, relative to its step: SciPy's xtol */
  xTolerance?: number
  /** It has stalled when a sweep gains at most this, relative to the value: SciPy's ftol. >= 0, 1e-4 when absent. */
  valueTolerance?: number
}

/** Evaluations of a line that the budget never cuts: most lines take fewer, so that a run cut by it goes on as if it had not been. */
const fewEvaluations = 50

export function createPowell (settings: PowellSettings, objective: Objective, options: OptimizerOptions): Optimizer {
  const xTolerance = requireNumber('xTolerance', settings.xTolerance ?? 1e-4, { above: 0, below: 0.01 })
  const valueTolerance = requireNumber('valueTolerance', settings.valueTolerance ?? 1e-4, { min: 0 })
  const progress = createProgress('powell', settings, objective, options)
  const { size, theta, counts } = progress
  const minimizeLine = createBrent(100 * xTolerance)
  const directions = new Float64Array(size * size)
  const rows = Array.from({ length: size }, (_, i) => directions.subarray(i * size, (i + 1) * size))
  const sweepStart = new Float64Array(size) // theta_0
  const step = new Float64Array(size)
  const point = new Float64Array(size)
  const origin = new Float64Array(size) // of a line
  // The place within the sweep: the next line (size: the extrapolation), f_0, d and i*
  const place = { line: 0, startValue: NaN, decrease: 0, direction: 0 }
  const along = objective.alongLine?.bind(objective) ?? alongByValue

  if (options.state === undefined) start()
  else {
    readArray(options.state, 'directions', directions)
    readArray(options.state, 'sweepStart', sweepStart)
    Object.assign(place, options.state.values['place'])
    place.startValue = readNumber(options.state, 'startValue')
  }

  return toOptimizer(progress, { iterate, save })

  function start (): void {
    for (let i = 0; i < size; i++) rows[i]![i] = 1
    progress.value = progress.evaluate(theta)
    progress.begin()
    beginSweep()
  }

  function beginSweep (): void {
    sweepStart.set(theta)
    place.line = 0
    place.startValue = progress.value
    place.decrease = 0
    place.direction = 0
  }

  function iterate (): void {
    for (; place.line < size; place.line++) {
      if (!progress.canSpend(1)) return
      const before = progress.value
      minimizeAlong(rows[place.line]!)
      if (progress.stop !== undefined) return
      if (before - progress.value > place.decrease) {
        place.decrease = before - progress.value
        place.direction = place.line
      }
    }
    const gain = place.startValue - progress.value
    const sizeOfValues = Math.abs(place.startValue) + Math.abs(progress.value)
    const hasStalled = 2 * gain <= valueTolerance * sizeOfValues + 1e-20 * Math.abs(progress.first.value)
    if (!hasStalled) {
      if (!progress.canSpend(1)) return
      extrapolate()
      if (progress.stop !== undefined) return
    }
    const isBest = progress.value <= progress.best.value
    if (hasStalled && !isBest) {
      theta.set(progress.best.theta)
      progress.value = progress.best.value
    }
    progress.stepLength = distance(theta, sweepStart)
    beginSweep()
    progress.endStep()
    if (hasStalled && isBest && progress.stop === undefined) {
      progress.end('stalled', `the sweep gained ${brief(gain)}, at most valueTolerance ${brief(valueTolerance)} of the value ${brief(progress.value)}`)
    }
  }

  /** Steps 2 and 3. */
  function extrapolate (): void {
    const { startValue, decrease } = place
    addScaled(step, theta, -1, sweepStart)
    addScaled(point, theta, 1, step)
    const beyond = progress.evaluate(point)
    if (!(beyond < startValue && Number.isFinite(beyond))) return
    const curved = 2 * (startValue - 2 * progress.value + beyond) * (startValue - progress.value - decrease) ** 2
    if (!(curved < decrease * (startValue - beyond) ** 2)) return
    const t = minimizeAlong(step)
    if (t === 0) return
    rows[place.direction]!.set(rows[size - 1]!)
    scale(rows[size - 1]!, t, step)
  }

  /** Goes to the minimum along a direction, which is not all zero. @returns how far, in lengths of the direction */
  function minimizeAlong (direction: Float64Array): number {
    const max = Math.max(fewEvaluations, progress.evaluationsLeft)
    const { t, value, evaluations, end } = minimizeLine(along(theta, direction), max)
    counts.functionEvaluations += evaluations
    origin.set(theta)
    addScaled(theta, theta, t, direction)
    progress.keep(theta, value, counts.steps + 1)
    if (end === 'cut' && !progress.canSpend(1)) {
      theta.set(origin)
      return 0
    }
    progress.value = value
    if (end === 'unbounded') {
      progress.stepLength = distance(theta, origin)
      progress.endStep()
      endUnbounded(progress)
    }
    return t
  }

  function alongByValue (from: Float64Array, direction: Float64Array): (t: number) => number {
    return (t) => {
      addScaled(point, from, t, direction)
      return objective.value(point)
    }
  }

  function save () {
    const { startValue, ...rest } = place // NaN when the start is not finite
    return progress.save({
      directions: named(directions, [size, size]),
      sweepStart: named(sweepStart),
      startValue: named(Float64Array.of(startValue))
    }, { place: rest })
  }
}
