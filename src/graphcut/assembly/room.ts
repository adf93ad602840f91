/** The memory that solving takes (AssemblyScript): ten lists of 32-bit numbers, which both strategies use, one after the other. */
import { nodes } from './topology'

/** i32[nodes + 2] each. What they hold is said where they are used. */
export let labels: usize = 0
export let parents: usize = 0
export let currents: usize = 0
export let sources: usize = 0
export let sinks: usize = 0
export let nexts: usize = 0
export let sourceStamps: usize = 0
export let sinkStamps: usize = 0
export let buckets: usize = 0
export let chain: usize = 0

/** Bytes of it. */
export function roomOf (count: i32): i32 {
  return 10 * 4 * (count + 2)
}

export function useRoom (room: usize): void {
  const size = <usize>(nodes + 2) << 2
  labels = room
  parents = labels + size
  currents = parents + size
  sources = currents + size
  sinks = sources + size
  nexts = sinks + size
  sourceStamps = nexts + size
  sinkStamps = sourceStamps + size
  buckets = sinkStamps + size
  chain = buckets + size
}

/** Has the two lists of nodes that look around change places: the next ones of a tree become its present ones. */
export function turnSources (): void {
  const done = sources
  sources = nexts
  nexts = done
}

export function turnSinks (): void {
  const done = sinks
  sinks = nexts
  nexts = done
}

// @ts-ignore: decorator
@inline
export function get (array: usize, i: i32): i32 {
  return load<i32>(array + (<usize>i << 2))
}

// @ts-ignore: decorator
@inline
export function set (array: usize, i: i32, value: i32): void {
  store<i32>(array + (<usize>i << 2), value)
}
