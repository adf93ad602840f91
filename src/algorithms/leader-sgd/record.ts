/**
 * What is written down of a training: who led, what was sent, how long it took in simulated time, and, where it is looked at,
 * what its places are worth. Only the trial's own thread does it, and the training does not depend on it.
 */
import type { Vector } from '../../exchange/exchange.js'
import type { Measured, Measuring } from './learning.js'
import type { Leaders, Method, Traffic } from './methods/method.js'
import { meanInto } from '../../exchange/mixing/index.js'
import type { Times } from './virtual-time.js'

/** What was counted so far; JSON. */
export interface Counted {
  exchanges: number
  /** by worker: exchanges after which it led all */
  led: number[]
  /** [step, worker], every stride-th exchange */
  leaders: [number, number][]
  stride: number
  /** bytes by worker, and from the centre */
  sent: number[]
  received: number[]
  fromCentre: number
  /** simulated time; null of parallel */
  times: Times | null
  /** by worker, in mode async: steps of all between what it was pulled towards and its pulls, summed, and how many pulls */
  staleness: { sum: number, count: number }[] | null
  /** seconds of the clock, measuring left out */
  seconds: number
  /** by worker: places in the plane */
  paths: [number, number][][]
}

/** Leaders that are kept at most: see result.ts. */
const maxLeaders = 1000
/** Places of a path at most, the last one aside. */
export const pathPieces = 399

/** Nothing yet. */
export function emptyCount (workers: number, { isSimulated, isAsync }: { isSimulated: boolean, isAsync: boolean }): Counted {
  const zeros = () => new Array<number>(workers).fill(0)
  return {
    exchanges: 0,
    led: zeros(),
    leaders: [],
    stride: 1,
    sent: zeros(),
    received: zeros(),
    fromCentre: 0,
    times: isSimulated ? { at: zeros(), waited: zeros() } : null,
    staleness: isAsync ? zeros().map(() => ({ sum: 0, count: 0 })) : null,
    seconds: 0,
    paths: zeros().map(() => [])
  }
}

/** Notes who leads after an exchange. */
export function countLeader (counted: Counted, step: number, leader: number): void {
  counted.led[leader]!++
  if (counted.exchanges % counted.stride === 0) counted.leaders.push([step, leader])
  counted.exchanges++
  if (counted.leaders.length <= maxLeaders) return
  counted.leaders = counted.leaders.filter((_, i) => i % 2 === 0)
  counted.stride *= 2
}

/** Notes what a worker sent and received. @param copy bytes of all weights */
export function countTraffic (counted: Counted, worker: number, traffic: Traffic, copy: number): void {
  counted.sent[worker]! += traffic.sent * copy + (traffic.lossesSent ?? 0) * lossBytes
  counted.received[worker]! += traffic.received * copy + (traffic.lossesReceived ?? 0) * lossBytes
  counted.fromCentre += (traffic.fromCentre ?? 0) * copy
}

const lossBytes = 8

/** Bytes of all. */
export function bytesSent ({ sent, fromCentre }: Counted): number {
  return sent.reduce((sum, bytes) => sum + bytes, fromCentre)
}

/** A moment of a training that is looked at. */
export interface Look<V extends Vector = Vector> {
  /** completed steps of a worker */
  step: number
  /** of the workers, after the exchange where there is one */
  vectors: readonly V[]
  losses: readonly number[]
  leaders: Leaders
  /** by worker, where they differ: completed steps, and whether its thread is gone */
  steps?: readonly number[]
  lost?: readonly boolean[]
}

/** Where the training looks. */
export interface Looking<V extends Vector> {
  measuring: Measuring<V>
  method: Method<V>
  /** numbers of weights, and of a state */
  weights: number
  size: number
  /** whether every worker's exact loss is cheap */
  isAnalytic: boolean
}

/** What there is of the workers whose threads are not gone: what is made of all is made of these. */
export function presentOf<T> ({ vectors, lost }: { vectors: readonly T[], lost?: readonly boolean[] | undefined }): readonly T[] {
  return lost === undefined ? vectors : vectors.filter((_, worker) => !lost[worker])
}

/** What stands for all: the centre, or the average of the workers; statistics are averaged in either case. */
export function centreOf<V extends Vector> (vectors: readonly V[], { method, size }: Pick<Looking<V>, 'method' | 'size'>): V {
  const state = averageOf(vectors, size)
  if (method.centre) state.set(method.centre)
  return state
}

/** Mean of the states. */
export function averageOf<V extends Vector> (vectors: readonly V[], size: number): V {
  const state = vectors[0]!.slice(0, size) as V
  meanInto(state, vectors)
  return state
}

/** Measures a moment, in parts. @returns values of metrics */
export function * lookAt<V extends Vector> (look: Look<V>, looking: Looking<V>): Generator<void, Record<string, number>> {
  const { measuring, weights, size, method, isAnalytic } = looking
  const { losses, leaders, steps, lost } = look
  const vectors = presentOf(look)
  const leading: V = look.vectors[leaders.all]!
  const values: Record<string, number> = {}
  const put = (name: string, { loss, error }: Measured) => {
    values[`${name}Loss`] = loss
    if (error !== null) values[`${name}Error`] = error
  }
  const hasLed = losses.some(loss => !Number.isNaN(loss))
  if (hasLed) {
    losses.forEach((loss, worker) => { if (steps?.[worker] !== 0 && !lost?.[worker]) values[`workerLoss/${worker}`] = loss })
    values.leader = leaders.all
    if (method.groups > 1) leaders.groups.forEach((leader, group) => { values[`groupLeader/${group}`] = leader })
  }
  const average = averageOf(vectors, size)
  Object.assign(values, distances(vectors, average, leading, weights))
  put('centre', yield * measuring.measure(centreOf(vectors, looking)))
  put('leader', yield * measuring.measure(stateOf(leading, size)))
  if (measuring.reestimate) put('reestimated', yield * measuring.measure(yield * measuring.reestimate(average)))
  if (measuring.gradientNorm) values.gradientNorm = measuring.gradientNorm(stateOf(leading, size))
  if (!isAnalytic) return values
  const exact: number[] = []
  for (const vector of vectors) exact.push((yield * measuring.measure(stateOf(vector, size))).loss)
  exact.sort((a, b) => a - b)
  return { ...values, bestLoss: exact[0]!, medianLoss: medianOf(exact), worstLoss: exact.at(-1)! }
}

/** The state in a worker's vector. */
export function stateOf<V extends Vector> (vector: V, size: number): V {
  return vector.subarray(0, size) as V
}

function distances (
  vectors: readonly Vector[], average: Vector, leader: Vector, weights: number
): { spread: number, leaderDistance: number } {
  let [squares, lengths] = [0, 0]
  for (const vector of vectors) {
    squares += squaredDistance(vector, average, weights)
    lengths += Math.sqrt(squaredDistance(vector, leader, weights))
  }
  return { spread: Math.sqrt(squares / vectors.length), leaderDistance: lengths / vectors.length }
}

/** Over the first `count` numbers. */
function squaredDistance (a: Vector, b: Vector, count: number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += (a[i]! - b[i]!) ** 2
  return sum
}

/** Of ascending numbers. */
function medianOf (sorted: readonly number[]): number {
  const middle = sorted.length / 2
  return Number.isInteger(middle) ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[Math.floor(middle)]!
}
