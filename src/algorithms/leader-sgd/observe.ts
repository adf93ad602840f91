/** Writes down a moment of a training: what was counted, where the workers are, what their places are worth. */
import type { RunEvent } from '../contract.js'
import { inParts } from '../kit/passes.js'
import type { MethodOf } from './methods/spec.js'
import type { Objective } from './problems/analytic.js'
import { bytesSent, lookAt, stateOf, type Look } from './record.js'
import { checkOneStep, noteValue, type Pace } from './theory.js'
import { boundary, type TrialState } from './trial-state.js'

/**
 * Notes a moment, once: whoever goes on from a boundary in it does not note it again when it has been.
 * @param look   where the workers are then; asked for only where that is wanted
 * @param count  counts what lay between the moment before, which it is given, and this one
 */
export async function * note (
  trial: TrialState, step: number, look: () => Look, count: (from: number) => void
): AsyncGenerator<RunEvent, void> {
  const { cursor, calendar, arm, progress } = trial
  if (step <= cursor.noted) return
  const isRecord = trial.records.has(step)
  const isTested = trial.objective && (trial.tested.has(step) || (arm.mode === 'sync' && calendar.isExchange(step)))
  // Measuring first, for the run may be left in it: nothing is counted by then.
  const seen = calendar.isLook(step) || isTested ? look() : undefined
  const measured = seen && isRecord ? yield * inParts(lookAt(seen, trial.looking), () => boundary(trial)) : undefined
  const from = Math.max(0, cursor.noted)
  count(from)
  cursor.noted = step
  if (seen && trial.paths.has(step)) notePaths(trial, seen)
  if (seen && isTested) noteTheory(trial, trial.objective!, seen)
  yield * progress.add(arm.workers * (step - from))
  if (measured) yield { type: 'metrics', step, values: { ...measured, ...countedValues(trial, step) } }
}

function countedValues ({ counted, opened: { learning } }: TrialState, step: number): Record<string, number> {
  return {
    learningRate: learning.rate(0, Math.max(0, step - 1)),
    megabytes: bytesSent(counted) / 1e6,
    ...(counted.times ? { virtualTime: Math.max(...counted.times.at) } : {}),
    seconds: counted.seconds
  }
}

function notePaths ({ counted }: TrialState, { vectors }: Look): void {
  vectors.forEach((vector, worker) => counted.paths[worker]!.push([vector[0]!, vector[1]!]))
}

/** Theorems are of workers that step from where they are towards who leads them now. */
function noteTheory (trial: TrialState, objective: Objective, { step, vectors, leaders }: Look): void {
  const { theory, spec: { problem, steps }, opened: { learning } } = trial
  if (problem.type !== 'quadratic') return
  const places = vectors.map(vector => stateOf(vector, problem.dimensions) as Float64Array)
  if (step > 0) noteValue(theory, step, steps, places.reduce((sum, x) => sum + objective.loss(x), 0) / places.length)
  if (step === steps || step % oneStepEvery(steps) !== 0) return
  const pace = paceAt(trial, learning.rate(0, step))
  for (const x of places) checkOneStep(theory, problem, objective, pace, { x, z: places[leaders.all]! })
}

/** At most a thousand steps are checked. */
function oneStepEvery (steps: number): number {
  return Math.ceil(steps / 1000)
}

/** A rate, and the pull in units of it. */
export function paceAt ({ arm: { method } }: TrialState, rate: number): Pace {
  const { lambda, rateInside } = method as MethodOf<'lsgd'>
  return { rate, lambda: rateInside ? lambda : lambda / rate }
}
