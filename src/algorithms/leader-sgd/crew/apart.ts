/**
 * The trial's own thread in mode async on a crew: it runs its part of the workers, and looks now and then where all are. A
 * thread that dies is lost with its workers, the others go on. Nothing here repeats itself: what a snapshot has is what each
 * worker told last. Next hops: apart-thread.ts what every thread does, ledger.ts what is counted of it.
 */
import type { Crew, RunEvent } from '../../contract.js'
import { hasCentre } from '../methods/index.js'
import { leadersOf } from '../methods/method.js'
import { note } from '../observe.js'
import { workersOf } from '../part.js'
import type { Look } from '../record.js'
import { boundary, meansOf, type TrialState } from '../trial-state.js'
import { begin, placeOf, placesOf, restore } from './apart-places.js'
import { openApart, type Apart, type ApartRoom } from './apart-room.js'
import { joinApart, trainApartWith, type SharedApart } from './apart-thread.js'
import { openLedger } from './ledger.js'
import { memberEntry, sharedOf, threadsOf } from './shared.js'

/** Trains to the end, or until a loss is no finite number. @returns the last moment */
export async function * trainApartOnCrew (trial: TrialState): AsyncGenerator<RunEvent, Look> {
  const { context, spec, counted, cursor, calendar, arm } = trial
  const threads = threadsOf(spec)
  const room = context.resume ? restore(trial, context.resume, threads) : begin(trial, threads)
  const begun = context.resume?.values.steps as number[] | undefined ?? new Array<number>(arm.workers).fill(0)
  const shared: SharedApart = { ...sharedOf(trial), room }
  const crew = context.crew(threads, memberEntry('trainApart'), shared, { ifLost: 'go on' })
  const part = joinApart(crew, shared, meansOf(trial))
  const apart = openApart(crew, trial.method.groups, room)
  const enter = openLedger(trial, apart, begun)
  const warned = new Set<number>()
  trial.place = () => placeOf(trial, apart, room)
  let next = 0
  let since = context.clock()

  /** Says who is lost, and writes down where all are, where somebody wants to know. */
  async function * look (): AsyncGenerator<RunEvent, void> {
    yield * warn(crew, arm.workers, warned)
    const step = Math.floor(apart.board.count(0) / arm.workers)
    if (step < next) return // whoever hangs is found by this: no boundary comes
    next = calendar.next(Math.min(step, spec.steps - 1))
    counted.seconds += context.clock() - since
    enter()
    yield boundary(trial)
    yield * noteAt(step)
    since = context.clock()
  }

  async function * noteAt (step: number): AsyncGenerator<RunEvent, void> {
    const noted = lastWanted(trial, step)
    yield * note(trial, noted, () => lookAround(trial, apart, room, noted), () => {})
  }

  yield * look()
  const own = trainApartWith(part)
  while (own.next().done !== true) yield * look()
  for (let thread = 1; thread < threads; thread++) {
    while (!apart.isDone(thread)) {
      apart.awaitDone(thread)
      yield * look()
    }
  }
  yield * warn(crew, arm.workers, warned)
  enter()
  const last = apart.isDiverged() ? Math.max(cursor.noted, Math.floor(apart.board.count(0) / arm.workers)) : spec.steps
  yield * noteAt(last)
  return lookAround(trial, apart, room, last)
}

/** The last step up to one that is wanted and not noted, rather of those that are measured; that one itself where there is none. */
function lastWanted ({ records, paths, cursor: { noted } }: TrialState, step: number): number {
  const last = (steps: ReadonlySet<number>): number => Math.max(-1, ...[...steps].filter(one => one > noted && one <= step))
  return last(records) > -1 ? last(records) : last(paths) > -1 ? last(paths) : step
}

async function * warn ({ size, isLost }: Crew, workers: number, warned: Set<number>): AsyncGenerator<RunEvent, void> {
  for (let thread = 1; thread < size; thread++) {
    if (warned.has(thread) || !isLost(thread)) continue
    warned.add(thread)
    const lost = workersOf(thread, size, workers).join(', ')
    yield { type: 'log', level: 'warn', text: `Thread ${thread} of the crew died. Lost with it: workers ${lost}; the others go on` }
  }
}

/** Where all are, for somebody who looks. */
function lookAround (trial: TrialState, apart: Apart, room: ApartRoom, step: number): Look {
  const { method } = trial
  const places = placesOf(trial, apart, room.workers.room.size)
  const lost = places.map((_, worker) => apart.isLost(worker))
  const losses = places.map(({ loss }) => loss)
  if (hasCentre(method)) method.load({ centre: apart.board.share(centre => centre.slice()) })
  return {
    step,
    vectors: places.map(({ vector }) => vector),
    losses,
    leaders: leadersOf(losses.map((loss, worker) => lost[worker] ? NaN : loss), method.groups),
    steps: places.map(({ steps }) => steps),
    lost
  }
}
