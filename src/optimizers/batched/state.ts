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

/** Makes room for rows, all 0. @param memory gives so many bytes, of memory that threads share for instance */
export function stateRows (count: number, size: number, memory = (bytes: number): ArrayBufferLike => new ArrayBuffer(bytes)): BatchState {
  return {
    states: new Float64Array(memory(count * size * 8)),
    values: new Float64Array(memory(count * 8)),
    bestStates: new Float64Array(memory(count * size * 8)),
    bestValues: new Float64Array(memory(count * 8)),
    motion: new Float64Array(memory(count * size * 8)),
    reasons: new Uint8Array(memory(count)),
    steps: new Int32Array(memory(count * 4)),
    queries: new Int32Array(memory(count * 4))
  }
}

/** Makes the state of instances at their starts. @param starts [count, size], copied */
export function createState (count: number, size: number, starts: Float64Array): BatchState {
  if (starts.length !== count * size) throw new AppError('invalid_input', `starts must hold ${count} x ${size} numbers, got ${starts.length}`)
  const state = stateRows(count, size)
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
