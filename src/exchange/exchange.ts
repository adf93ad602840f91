/**
 * How workers that train copies of one thing tell each other where they are. Two forms: in step, all at once (Gather), and
 * each when it comes (Noticeboard). What is made of it is the caller's (a leader, a centre, an average): nothing here knows
 * a method. The workers of this folder share memory; those of several machines would stand behind the same two interfaces.
 */

/** Numbers of a worker's state, one after the other; may lie in shared memory. */
export type Vector = Float32Array | Float64Array

/** What one worker tells. */
export interface Told<V extends Vector = Vector> {
  /** weights first, then whatever else goes on with the worker: statistics, velocities */
  state: V
  /** estimate of its loss; lower leads */
  loss: number
}

/** Workers in step: everyone tells, then everyone sees what all have told. One barrier for each time, and one to compose. */
export interface Gather<V extends Vector = Vector> {
  /** of all threads together */
  readonly workers: number
  /**
   * Tells for one of the workers of this thread, before meet(). The state is copied.
   * @param worker 0 .. workers - 1
   */
  tell (worker: number, told: Told<V>): void
  /**
   * Waits until all workers have told. What comes back, in the order of the workers, stays as it is until this thread calls
   * meet() again: others may tell for the next time meanwhile, and nobody waits for readers.
   * @throws what must not be caught: the crew is broken, or the trial has ended
   */
  meet (): readonly Told<V>[]
  /**
   * Makes one vector of what all have told, such as their mean: each thread a part of it, so that nobody makes the whole of
   * what is the same for all. All must come, between two meetings; once at most. What comes back, the whole, stays as it is
   * until the next but one is made.
   * @param make writes the numbers from .. from + part.length - 1, of what all have told alone
   */
  compose (make: Make<V>): V
}

/** Writes a part of a vector. @param from which number of it the first one of the part is */
export type Make<V extends Vector = Vector> = (part: V, from: number) => void

/** Workers that wait for nobody: each tells and looks when it comes by. What it reads is whole, but may be old. */
export interface Noticeboard<V extends Vector = Vector> {
  readonly workers: number
  /** Puts up what a worker has to tell, in place of what it told before. The state is copied. */
  tell (worker: number, told: Told<V>): void
  /**
   * Copies what a worker told last, whole; of one that died while it told, what it had told before.
   * @param into as long as what is wanted of the state: its first numbers
   * @returns its loss; undefined when it has told nothing yet
   */
  read (worker: number, into: V): number | undefined
  /**
   * What all share, such as a centre: changed by one at a time, who has it for as long as `change` runs. One that throws, or
   * dies meanwhile, has changed nothing, and does not keep it.
   */
  share<T> (change: (shared: V) => T): T
  /** Adds to a count that all share. @returns the count with it */
  count (steps: number): number
}
