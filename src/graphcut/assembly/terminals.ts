/**
 * Terminals of a picture's pixels (AssemblyScript), and how flow outlives a change of them: Kohli, Torr 2007, "Dynamic Graph
 * Cuts for Efficient Inference in Markov Random Fields". What is left of a terminal changes by as much as what is given; where
 * more has left a pixel than it is given now, it is short of that, as if it were tied to the sink: least cuts stay the same.
 */
import { restartShort } from './short'
import { firstPixel, height, setTerminal, terminalOf, terminals, width } from './topology'

/** f64[height, width]: what comes from the source, or, below 0, goes to the sink, before anything flows */
let given: usize = 0
/** The pixel whose capacities were none. */
let wrong: i32 = -1
/** Whether flow that there is may be kept: not where a pixel is seeded, or no longer. */
let isKept: bool = false
/** Capacity of the cut, less what has been pushed since flow began, and what goes over single pixels. */
let shift: f64 = 0

export function useTerminals (at: usize): void {
  given = at
  isKept = false
}

export function wrongTerminal (): i32 {
  return wrong
}

export function isFlowKept (): bool {
  return isKept
}

export function shiftOfFlow (): f64 {
  return shift
}

/**
 * Gives pixels what ties them to the terminals, in place of what they had.
 * @param sources, sinks f64[height, width]: capacities
 * @returns what flows over a pixel alone; NaN where a pixel (`wrongTerminal`) has capacities that are none
 */
export function giveTerminals (sources: usize, sinks: usize): f64 {
  let direct: f64 = 0
  for (let i = 0, count = width * height; i < count; i++) {
    const at = <usize>i << 3
    const from = load<f64>(sources + at)
    const to = load<f64>(sinks + at)
    const both = f64x2.extract_lane(f64x2.pmin(f64x2.splat(from), f64x2.splat(to)), 0)
    if (!(from >= 0 && to >= 0 && both < Infinity)) {
      wrong = i
      isKept = false
      return NaN
    }
    direct += both
    const before = load<f64>(given + at)
    store<f64>(given + at, from - to)
    if (isKept && from - to != before) change(firstPixel + i, before, from - to)
  }
  return direct
}

/** The source's side costs what a pixel gives the sink: that of what is left and of what is given differ by what has flown. */
// @ts-ignore: decorator
@inline
function change (node: i32, before: f64, after: f64): void {
  isKept = isKept && isFinite(after - before)
  const left = terminalOf(node)
  const leaves = left + (after - before)
  shift += min(before, 0) - min(left, 0) + min(leaves, 0) - min(after, 0)
  setTerminal(node, leaves)
}

/** Takes all flow back from the terminals; arcs have to be written anew. */
export function beginFlow (): void {
  memory.copy(terminals + (<usize>firstPixel << 3), given, <usize>(width * height) << 3)
  restartShort()
  isKept = true
  shift = 0
}
