/** What is kept of every instance of a batch, a row each, and how it is saved. */
import type { NamedArrays } from '../../math/arrays.js'
import { AppError } from '../../errors.js'

export interface BatchState {
  /** [count, size] */
  states: Float64Array
  /** [count] */
  values: Float64Array
  bestStates: Float64Array
  bestValues: Float64Array
  /** what a method remembers beside, [count, size]: a velocity, or the point with momentum */
  motion: Float64Array
  /** positions in stopReasons, [count] */
  reasons: Uint8Array
  steps: Int32Array
  queries: Int32Array
}

/** Gives so many bytes of a memory: where they are. */
export type Room = (bytes: number) => [buffer: ArrayBufferLike, at: number]

/** Makes room for rows. */
export function stateRows (count: number, size: number, room: Room): BatchState {
  const matrix = () => new Float64Array(...room(count * size * 8), count * size)
  const numbers = () => new Float64Array(...room(count * 8), count)
  const integers = () => new Int32Array(...room(count * 4), count)
  return {
    states: matrix(),
    values: numbers(),
    bestStates: matrix(),
    bestValues: numbers(),
    motion: matrix(),
    reasons: new Uint8Array(...room(count), count),
    steps: integers(),
    queries: integers()
  }
}

/** Makes the state of instances at their starts. @param starts [count, size], copied */
export function createState (count: number, size: number, starts: Float64Array, room: Room): BatchState {
  if (starts.length !== count * size) throw new AppError('invalid_input', `starts must hold ${count} x ${size} numbers, got ${starts.length}`)
  const state = stateRows(count, size, room)
  for (const [, data] of entriesOf(state)) data.fill(0)
  state.states.set(starts)
  state.bestStates.set(starts)
  state.bestValues.fill(NaN)
  return state
}

const matrices = ['states', 'bestStates', 'motion']

/** Copies of rows from .. to, by name. */
export function saveRows (state: BatchState, from = 0, to = state.values.length): NamedArrays {
  return Object.fromEntries(entriesOf(state).map(([name, data]) => {
    const width = data.length / state.values.length
    const shape = matrices.includes(name) ? [to - from, width] : [to - from]
    return [name, { shape, data: data.slice(from * width, to * width) }]
  }))
}

/** Puts saved rows where those from .. are. @throws {AppError} invalid_input where they do not fit */
export function restoreRows (state: BatchState, saved: NamedArrays, from = 0): void {
  for (const [name, data] of entriesOf(state)) {
    const at = from * data.length / state.values.length
    const rows = saved[name]?.data
    if (rows?.constructor !== data.constructor || at + rows.length > data.length) {
      throw new AppError('invalid_input', `saved ${name} must hold up to ${data.length - at} numbers in ${data.constructor.name}, got ${rows === undefined ? 'nothing' : `${rows.length} in ${rows.constructor.name}`}`)
    }
    data.set(rows, at)
  }
}

function entriesOf (state: BatchState): [string, BatchState[keyof BatchState]][] {
  return Object.entries(state)
}
