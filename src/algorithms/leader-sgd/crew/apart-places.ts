/** Where the workers of a trial in mode async on a crew are: at the beginning, in shared memory, in a snapshot. */
import type { Vector } from '../../../exchange/exchange.js'
import { openNoticeboard } from '../../../exchange/noticeboard.js'
import type { SnapshotState } from '../../contract.js'
import { hasCentre } from '../methods/index.js'
import { flat, meansOf, rowsIn, rowsOf, type TrialState } from '../trial-state.js'
import { beginWorker, createWorker } from '../workers.js'
import { makeApartRoom, type Apart, type ApartRoom } from './apart-room.js'

/** Where a worker is. */
export interface Place { vector: Vector, steps: number, loss: number }

/** Makes the memory, with all workers at their beginning. */
export function begin (trial: TrialState, threads: number): ApartRoom {
  const { arm, method, criterion, opened: { learning }, spec } = trial
  const vectors = Array.from({ length: arm.workers }, (_, number) => {
    const worker = createWorker(number, learning, method, criterion)
    beginWorker(worker, learning, method)
    return worker.vector
  })
  method.begin?.(vectors)
  const room = makeApartRoom(meansOf(trial), spec.steps, threads)
  fill(trial, room, vectors.map(vector => ({ vector, steps: 0, loss: NaN })))
  return room
}

/** Puts the workers into the memory, and the centre of the trial's own method. */
function fill ({ opened: { learning }, method }: TrialState, room: ApartRoom, places: Place[]): void {
  const board = openNoticeboard(room.workers)
  places.forEach(({ vector, steps, loss }, worker) => {
    const state = learning.room(vector.length + 1)
    state.set(vector)
    state[vector.length] = steps
    board.tell(worker, { state, loss })
    board.count(steps)
  })
  if (hasCentre(method)) board.share(centre => { centre.set(method.centre!) })
}

/** Reads where all are. */
export function placesOf ({ opened: { learning } }: TrialState, { board }: Apart, size: number): Place[] {
  return Array.from({ length: board.workers }, (_, worker) => {
    const told = learning.room(size)
    const loss = board.read(worker, told)!
    return { vector: told.subarray(0, size - 1), steps: told[size - 1]!, loss }
  })
}

interface SavedValues { steps: number[], elected: number }

export function placeOf (trial: TrialState, apart: Apart, room: ApartRoom): SnapshotState {
  const places = placesOf(trial, apart, room.workers.room.size)
  const leaders = trial.opened.learning.room(room.leaders.room.size)
  const elected = apart.leaders.read(0, leaders) ?? 0
  const values: SavedValues = { steps: places.map(({ steps }) => steps), elected }
  return {
    arrays: {
      vectors: rowsOf(places.map(({ vector }) => vector)),
      losses: flat(Float64Array.from(places, ({ loss }) => loss)),
      ...(hasCentre(trial.method) ? { centre: flat(apart.board.share(centre => centre.slice())) } : {}),
      ...(elected > 0 ? { leaders: flat(leaders) } : {})
    },
    values: { ...values }
  }
}

/** Makes the memory as placeOf() has it. */
export function restore (trial: TrialState, { arrays, values }: SnapshotState, threads: number): ApartRoom {
  const { steps, elected } = values as unknown as SavedValues
  const room = makeApartRoom(meansOf(trial), trial.spec.steps - Math.min(...steps), threads)
  if (arrays.centre) trial.method.load({ centre: arrays.centre.data as Vector })
  if (arrays.leaders) openNoticeboard(room.leaders).tell(0, { state: arrays.leaders.data as Vector, loss: elected })
  const losses = arrays.losses!.data
  fill(trial, room, rowsIn(arrays.vectors!).map((vector, worker) => ({ vector, steps: steps[worker]!, loss: losses[worker]! })))
  return room
}
