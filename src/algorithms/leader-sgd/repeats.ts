/** Further trainings of one trial, from other random starts: nothing of them is written down but where they ended. */
import type { Vector } from '../../exchange/exchange.js'
import type { RunEvent } from '../contract.js'
import { lookOf } from './in-step.js'
import { createCalendar } from './calendar.js'
import { createMethod } from './methods/index.js'
import { openWhole } from './part.js'
import { openAnalytic } from './problems/open.js'
import { stateOf, type Look } from './record.js'
import { beginTogether, trainTogether, type Meeting } from './sync.js'
import { boundary, type TrialState } from './trial-state.js'
import { repeatsOf } from './work.js'
import { meanOf } from '../../math/mean.js'

/** Below it a place is in the lowest ring: it has -0.217, the next one -0.091. */
const reachedLoss = -0.2

/** Trains again and again. @param first the last moment of the first training */
export async function * repeat (trial: TrialState, first: Look): AsyncGenerator<RunEvent, void> {
  const { cursor, spec, arm: { workers }, progress, opened: { learning } } = trial
  const repeats = repeatsOf(spec)
  if (repeats === 1) return
  const perBoundary = Math.max(1, Math.floor(learning.pace / (workers * spec.steps)))
  if (cursor.repeats === 0) add(trial, first)
  const calendar = createCalendar({ steps: spec.steps, period: trial.method.period, pace: Infinity, looks: [] })
  while (cursor.repeats < repeats) {
    if (cursor.repeats % perBoundary === 0) yield boundary(trial)
    add(trial, trainOnce({ ...trial, calendar }, cursor.repeats))
    yield * progress.add(workers * spec.steps)
  }
}

/** One training. @param number 1 for the second of all */
function trainOnce ({ spec, context, arm: { workers, method }, criterion, calendar }: TrialState, number: number): Look {
  const { learning } = openAnalytic(spec, context.random, number)
  const part = openWhole({ learning, method: createMethod(method, { workers, learning }), criterion, calendar, workers, steps: spec.steps })
  let last: Meeting<Float64Array> | undefined
  for (const meeting of trainTogether(part, beginTogether(part))) last = meeting
  return lookOf(last!)
}

function add ({ cursor, opened: { objective, learning } }: TrialState, { vectors }: Look<Vector>): void {
  const losses = vectors.map(vector => objective!.loss(stateOf(vector, learning.size) as Float64Array))
  cursor.repeats++
  cursor.reached += Number(losses.some(loss => loss < reachedLoss))
  cursor.lossSum += meanOf(losses)
}
