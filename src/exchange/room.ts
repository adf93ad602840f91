/**
 * Room for what workers tell: two copies of it, so that one can be read while the other is written. The threads of a crew
 * are given it as it is, typed arrays over shared memory in plain objects; a thread alone may have it in memory of its own.
 */
import type { Told, Vector } from './exchange.js'

/** Two copies of a state and a loss for every worker. */
export interface Room<V extends Vector = Vector> {
  workers: number
  /** numbers of a state */
  size: number
  /** [2, workers, size] */
  states: V
  /** [2, workers] */
  losses: Float64Array
}

/** Makes room. @param make gives a vector of zeros; in shared memory when threads are to have it */
export function makeRoom<V extends Vector> (make: (length: number) => V, { workers, size }: { workers: number, size: number }): Room<V> {
  return { workers, size, states: make(2 * workers * size), losses: new Float64Array(new SharedArrayBuffer(8 * 2 * workers)) }
}

/** The room of one state, as it lies there. @param copy 0 or 1 */
export function stateIn<V extends Vector> ({ workers, size, states }: Room<V>, copy: number, worker: number): V {
  const at = (copy * workers + worker) * size
  return states.subarray(at, at + size) as V
}

/** Writes what a worker tells. @throws RangeError where the state has not the size that there is room for */
export function write<V extends Vector> (room: Room<V>, copy: number, worker: number, { state, loss }: Told<V>): void {
  if (worker < 0 || worker >= room.workers) throw new RangeError(`worker must be 0 .. ${room.workers - 1}, got ${worker}`)
  if (state.length !== room.size) throw new RangeError(`a state must have ${room.size} numbers, got ${state.length}`)
  room.states.set(state, (copy * room.workers + worker) * room.size)
  room.losses[copy * room.workers + worker] = loss
}
