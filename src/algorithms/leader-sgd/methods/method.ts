/**
 * What a method makes of workers that have told each other where they are. A worker's vector is its state (learning.ts), then
 * what the method keeps for it, then what elections need; all of it is told. A file here for each method; exchange.ts of
 * src knows how things are told, sync.ts and async.ts when.
 */
import type { Make, Told, Vector } from '../../../exchange/exchange.js'
import type { Learning, Pull } from '../learning.js'

/** Where a method works. */
export interface Setting<V extends Vector> {
  workers: number
  learning: Pick<Learning<V>, 'weights' | 'size' | 'velocities' | 'room' | 'rate'>
}

/** Who leads: worker of least loss, the lowest number of equals. */
export interface Leaders { all: number, groups: readonly number[] }

/** Centres elect nobody. */
export const nobody: Leaders = { all: 0, groups: [] }

/** An exchange in step. */
export interface Exchange<V extends Vector> {
  /** completed steps of every worker */
  step: number
  /** in the order of the workers */
  told: readonly Told<V>[]
  leaders: Leaders
}

/** What a method does when all meet, the same in every thread. Rules are written in worker order, so that all round alike. */
export interface Method<V extends Vector = Vector> {
  /** steps of a worker between exchanges; Infinity: there are none */
  readonly period: number
  /** groups of workers, of equal size, whose leaders it wants to know */
  readonly groups: number
  /** numbers that it keeps for each worker, after the state */
  readonly memory: number
  /** Writes the first of what it keeps for a worker whose state is there. */
  prepare? (vector: V): void
  /** Sees the first of all. @param vectors of the workers */
  begin? (vectors: readonly V[]): void
  /** numbers of what agree() composes, 0 where it does not */
  readonly composed: number
  /**
   * Comes to what all will do. What state() gave before stays as it is until the next time.
   * @param compose makes what is the same for all, each thread a part of it: see Gather
   */
  agree (exchange: Exchange<V>, compose: (make: Make<V>) => V): void
  /** What becomes of a worker: written over what it told. */
  follow (worker: number, vector: V): void
  /** What is left of the exchange for after the worker's next step. */
  settle? (worker: number, vector: V): void
  /** Pulls that a worker feels at every step now. */
  pulls (worker: number): readonly Pull<V>[]
  /** what stands for all, where there is such a thing: [weights] */
  readonly centre: V | undefined
  /** All that it goes on from beside what the workers tell; by reference. */
  state (): Record<string, V>
  load (state: Record<string, V>): void
  /** What an exchange takes. @param step completed steps of every worker */
  traffic (exchange: { step: number, leaders: Leaders }, worker: number): Traffic
  /** Copies of the weights that have to be sent one after the other in an exchange. */
  sequential (step: number): number
}

/** What a worker sends and receives in an exchange: copies of all weights, and single losses; and what the centre sends it. */
export interface Traffic { sent: number, received: number, lossesSent?: number, lossesReceived?: number, fromCentre?: number }

/** A method with a centre, which workers may also visit one by one. */
export interface CentreMethod<V extends Vector = Vector> extends Method<V> {
  /**
   * Does an exchange of one worker with the centre, in place.
   * @param step completed steps of the worker
   * @returns what is left of it for after the worker's next step, where there is such a thing: to be taken off the weights
   */
  visit (at: { worker: number, step: number }, vector: V, centre: V): V | undefined
}

/** What a method without exchanges, or without something, has in its place. */
export const without = {
  groups: 1,
  memory: 0,
  composed: 0,
  pulls: () => [],
  centre: undefined,
  state: () => ({}),
  load: () => {}
} satisfies Partial<Method>

/** Chooses the leaders. A loss that is no number leads only where there is no other. */
export function leadersOf (losses: readonly number[], groups: number): Leaders {
  const size = losses.length / groups
  const all = leastOf(losses, 0, losses.length)
  if (groups === 1) return { all, groups: [all] }
  return { all, groups: Array.from({ length: groups }, (_, group) => leastOf(losses, group * size, (group + 1) * size)) }
}

function leastOf (losses: readonly number[], from: number, to: number): number {
  let least = from
  for (let worker = from + 1; worker < to; worker++) {
    if (losses[worker]! < losses[least]! || (Number.isNaN(losses[least]!) && !Number.isNaN(losses[worker]!))) least = worker
  }
  return least
}

/** Takes what is owed off the weights. */
export function takeOff (x: Vector, owed: Vector): void {
  for (let i = 0; i < owed.length; i++) x[i]! -= owed[i]!
}
