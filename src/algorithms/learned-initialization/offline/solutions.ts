/** The past: instances that were solved, from several starts each, and what it took. */
import type { Instances } from '../families/family.js'

export interface Solutions {
  instances: Instances
  /** starts of each instance, S */
  starts: number
  /** where the solver began, [count, S, size] */
  started: Float64Array
  /** the best state that it saw, [count, S, size], and the value there, which is minimized, [count, S] */
  states: Float64Array
  values: Float64Array
  /** steps and evaluations of all starts of an instance together, [count] */
  steps: Float64Array
  queries: Float64Array
}

/** The first instances and the first starts of each, with their part of what it took. */
export function firstOf (solutions: Solutions, { count, starts }: { count: number, starts: number }): Solutions {
  const { instances, starts: all } = solutions
  const size = solutions.started.length / instances.count / all
  const take = (values: Float64Array, width: number) => {
    const some = new Float64Array(count * starts * width)
    for (let i = 0; i < count; i++) some.set(values.subarray(i * all * width, (i * all + starts) * width), i * starts * width)
    return some
  }
  const part = (values: Float64Array) => values.slice(0, count).map(value => value * starts / all)
  return {
    instances: { count, data: instances.data.slice(0, count * instances.data.length / instances.count) },
    starts,
    started: take(solutions.started, size),
    states: take(solutions.states, size),
    values: take(solutions.values, 1),
    steps: part(solutions.steps),
    queries: part(solutions.queries)
  }
}

/** The state of the lowest value of each instance, of equals the first. @returns [count, size] */
export function bestOf ({ instances: { count }, starts, states, values }: Solutions, size: number): Float64Array {
  const best = new Float64Array(count * size)
  for (let i = 0; i < count; i++) {
    let lowest = i * starts
    for (let row = lowest + 1; row < (i + 1) * starts; row++) if (values[row]! < values[lowest]!) lowest = row
    best.set(states.subarray(lowest * size, (lowest + 1) * size), i * size)
  }
  return best
}
