/**
 * A run of a linear classifier's training, from w = 0 to a horizon, with what is recorded on the way. Next hop:
 * src/optimizers/rows/adversarial-descent.ts.
 */
import type { RunEvent } from '../../contract.js'
import { directionsOf, measure } from './measure.js'
import { againstOf, boundary, openPass, passOf, radiusInForce, recordsOf, type TrialState } from './trial-state.js'

/** One run, to its horizon: events, and boundaries at least once a second, inside a step too where it is that much work. */
export function * train (trial: TrialState): Generator<RunEvent, void> {
  const { cursor, descent, sought: { horizons }, pace, progress, clock, batch } = trial
  const horizon = horizons[cursor.run]!
  const { records, path } = recordsOf(trial)
  const recorded = new Set(records)
  const stops = [...new Set([...records, ...path, tailOf(horizon)])].sort((a, b) => a - b)
  let since = { step: cursor.step, at: clock() }
  let worked = 0
  openPass(trial)
  while (cursor.step < horizon) {
    if (cursor.run === horizons.length - 1 && cursor.step === tailOf(horizon)) descent.counting = true
    const stop = stops.find(stop => stop > cursor.step)!
    const steps = pace.steps === 0 ? yield * stepInParts(trial) : takeSteps(trial, stop, pace.steps - worked)
    cursor.step += steps
    worked += steps
    yield * progress.add(steps)
    if (passOf(trial).at === 0) openPass(trial)
    if (path.has(cursor.step) && trial.rows.dimensions === 2) trial.path.push([cursor.step, descent.w[0]!, descent.w[1]!])
    if (recorded.has(cursor.step)) {
      yield * record(trial, { samplesPerSecond: (cursor.step - since.step) * batch / Math.max(1e-9, clock() - since.at) })
      since = { step: cursor.step, at: clock() }
    }
    if (worked >= pace.steps && cursor.step < horizon) {
      yield boundary(trial)
      worked = 0
    }
  }
  if (cursor.run < horizons.length - 1) descent.w.fill(0)
  Object.assign(cursor, { run: cursor.run + 1, step: 0 })
  if (cursor.run < horizons.length) descent.radius = radiusInForce(trial)
  yield boundary(trial)
}

/** From here on it is counted how often numbers of w go through 0. */
function tailOf (horizon: number): number {
  return horizon - Math.ceil(horizon / 10)
}

/** Takes steps to the next one that something is done at: of batches to the end of the pass at most. @returns how many */
function takeSteps (trial: TrialState, stop: number, most: number): number {
  const { cursor, descent, rows, batch, problem } = trial
  const { at, stepsLeft } = passOf(trial)
  const steps = Math.min(stop - cursor.step, Math.max(1, most), problem.batch === 'full' ? Infinity : stepsLeft)
  descent.descend({ at, end: rows.count, batch }, steps)
  return steps
}

/** Takes one step that is more work than may lie between two boundaries. */
function * stepInParts (trial: TrialState): Generator<RunEvent, number> {
  const { cursor, descent, rows, batch, pace } = trial
  const { at } = passOf(trial)
  const count = Math.min(batch, rows.count - at)
  if (cursor.row === 0) descent.begin()
  while (cursor.row < count) {
    const next = Math.min(count, cursor.row + pace.rows)
    descent.gather(at + cursor.row, at + next)
    cursor.row = next
    if (next < count) yield boundary(trial)
  }
  descent.finish(count)
  cursor.row = 0
  return 1
}

function * record (trial: TrialState, timings: { samplesPerSecond: number }): Generator<RunEvent, void> {
  const { rows, descent: { w }, cursor: { step }, curve, problem: { learningRate }, products } = trial
  const against = againstOf(trial)
  const { radius } = against
  const measured = measure(rows, w, against, products)
  if (measured === undefined) return
  const directions = directionsOf(w, against)
  yield { type: 'metrics', step, values: { ...directions, ...measured, radius, learningRate, ...timings } }
  if (directions === undefined) return
  const { norm, margin, mixedMargin } = measured
  curve.push({ step, radius, norm, ...directions, margin, mixedMargin })
}
