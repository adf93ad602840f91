/**
 * Simulated time, in mean steps of a worker: a step takes exp(s n - s^2 / 2) with normal n, once for the worker's speed and
 * anew for every step, so that its mean is 1 whatever the spread. Drawn by worker and step: the same for all arms of a seed.
 */
import type { Execution } from './execution-spec.js'
import type { RunContext } from '../contract.js'

export type Simulated = Extract<Execution, { type: 'simulated' }>

/** What steps take. @returns duration of a worker's step, by its number from 0 */
export function openDurations (
  { speedSpread, jitter }: Simulated, workers: number, random: RunContext['random']
): (worker: number, step: number) => number {
  const slowness = Array.from({ length: workers }, (_, worker) =>
    speedSpread > 0 ? logNormal(speedSpread, random('speed', worker).normal()) : 1)
  if (jitter === 0) return worker => slowness[worker]!
  const drawn = slowness.map(() => ({ block: -1, normals: new Float64Array(blockSize) }))
  return (worker, step) => {
    const block = Math.floor(step / blockSize)
    const own = drawn[worker]!
    if (own.block !== block) {
      const stream = random('duration', worker, block)
      own.block = block
      for (let k = 0; k < blockSize; k++) own.normals[k] = stream.normal()
    }
    return slowness[worker]! * logNormal(jitter, own.normals[step % blockSize]!)
  }
}

/** Steps whose durations are drawn at once: opening a stream costs as much as twenty numbers. */
const blockSize = 64

function logNormal (deviation: number, normal: number): number {
  return Math.exp(deviation * normal - deviation ** 2 / 2)
}

/** Where workers in step are in simulated time; JSON. */
export interface Times { at: number[], waited: number[] }

/** Workers make steps by themselves. */
export function passSteps (times: Times, duration: (worker: number, step: number) => number, from: number, to: number): void {
  for (let worker = 0; worker < times.at.length; worker++) {
    for (let step = from; step < to; step++) times.at[worker]! += duration(worker, step)
  }
}

/** All wait for the last one, and for what is sent. @param taken  how long that takes */
export function passExchange (times: Times, taken: number): void {
  const end = Math.max(...times.at) + taken
  times.at.forEach((at, worker) => {
    times.waited[worker]! += end - at
    times.at[worker] = end
  })
}

/** How long an exchange takes in which copies of all weights are sent one after the other; nothing where none are. */
export function exchangeTime ({ latency, transfer }: Simulated, copies: number): number {
  return copies > 0 ? latency + copies * transfer : 0
}
