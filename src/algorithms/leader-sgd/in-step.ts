/** The trial's own thread in mode sync: it runs its part of the workers, and has written down what is seen where all meet. */
import type { Vector } from '../../exchange/exchange.js'
import { prefix, unprefix, type NamedArrays, type NumericArray } from '../../math/arrays.js'
import type { RunEvent } from '../contract.js'
import { openCrewInStep } from './crew/in-step.js'
import { note } from './observe.js'
import { countLeader, countTraffic, type Look } from './record.js'
import { openWhole } from './part.js'
import { beginTogether, trainTogether, type Meeting, type Standing } from './sync.js'
import { boundary, flat, meansOf, rowsIn, rowsOf, type TrialState } from './trial-state.js'
import { exchangeTime, passExchange, passSteps } from './virtual-time.js'

/** Trains to the end, or until a loss is no finite number. @returns the last moment */
export async function * trainInStep (trial: TrialState): AsyncGenerator<RunEvent, Look> {
  const { context, calendar, counted } = trial
  const resumed = context.resume && standingIn(context.resume.arrays, context.resume.values.step as number)
  const part = trial.simulated ? openWhole(meansOf(trial)) : openCrewInStep(trial, resumed)
  const standing = resumed ?? beginTogether(part)
  let last: Meeting<Vector> | undefined
  let since = context.clock()
  for (const meeting of trainTogether(part, standing)) {
    counted.seconds += context.clock() - since
    last = meeting
    trial.place = () => ({ arrays: arraysOf(meeting), values: { step: meeting.step } })
    if (calendar.isBoundary(meeting.step)) yield boundary(trial)
    yield * note(trial, meeting.step, () => lookOf(meeting), from => count(trial, meeting, from))
    since = context.clock()
  }
  return lookOf(last!)
}

/** Where all are at a meeting, for somebody who looks. */
export function lookOf<V extends Vector> (meeting: Meeting<V>): Look<V> {
  return { step: meeting.step, vectors: meeting.after(), losses: meeting.told.map(({ loss }) => loss), leaders: meeting.leaders }
}

/** Counts what lay between two meetings, and the exchange. */
function count (
  { counted, arm: { workers }, method, simulated, copy }: TrialState, { step, isExchange, leaders }: Meeting<Vector>, from: number
): void {
  if (simulated) passSteps(counted.times!, simulated.duration, from, step)
  if (!isExchange) return
  countLeader(counted, step, leaders.all)
  for (let worker = 0; worker < workers; worker++) countTraffic(counted, worker, method.traffic({ step, leaders }, worker), copy)
  if (simulated) passExchange(counted.times!, exchangeTime(simulated.execution, method.sequential(step)))
}

const keptName = 'kept/'

function arraysOf ({ told, kept }: Standing<Vector>): NamedArrays {
  return {
    told: rowsOf(told.map(({ state }) => state)),
    losses: flat(Float64Array.from(told, ({ loss }) => loss)),
    ...prefix(keptName, Object.fromEntries(Object.entries(kept).map(([name, vector]) => [name, flat(vector)])))
  }
}

/** What arraysOf() made. */
export function standingIn (arrays: NamedArrays, step: number): Standing<Vector> {
  return {
    step,
    told: rowsIn(arrays.told!).map((state, worker) => ({ state, loss: arrays.losses!.data[worker]! })),
    kept: vectorsIn(unprefix(keptName, arrays))
  }
}

function vectorsIn (arrays: NamedArrays): Record<string, Vector> {
  return Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data as Vector & NumericArray]))
}
