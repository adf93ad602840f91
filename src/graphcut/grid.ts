/**
 * Minimum cuts of pictures: a node for each pixel, arcs between neighbours, and to two terminals. Built in place, so that what
 * is kept of an arc is its capacity alone. Next hop: network.ts, assembly/picture.ts.
 */
import { createNetwork } from './network.js'
import { ways, type GridShape } from './shape.js'
import type { Strategy } from './strategy.js'

/** Capacities are numbers >= 0, of a terminal also Infinity: what such a seed is tied to is never cut, and swallows nothing. */
export interface GridCut {
  readonly shape: GridShape
  /**
   * Ties pixels to the terminals, in place of what they were tied to: to none at first.
   * @param source, sink [height, width]: capacities from the source and to the sink; not both infinite for a pixel
   * @throws RangeError for a capacity that is none
   */
  setTerminals (source: ArrayLike<number>, sink: ArrayLike<number>): void
  /**
   * Sets the arcs of one way, in place of what they were.
   * @param way       number of it in `ways`: 0, 1; with 8 neighbours 0 .. 3
   * @param forwards  [height, width]: capacity from a pixel to its neighbour on that way, or one for all; where there is no
   *                  neighbour it counts for nothing
   * @param backwards capacity from that neighbour to the pixel; forwards when left out
   * The arrays are read when it is cut.
   */
  setArcs (way: number, forwards: ArrayLike<number> | number, backwards?: ArrayLike<number> | number): void
  /**
   * Whether the next cut goes on from the flow of the last one: where only terminals were set since, and no pixel became a
   * seed (Infinity) or is one no longer.
   */
  readonly keepsFlow: boolean
  /**
   * Cuts. What was set stands for later cuts, too.
   * @returns the flow, which is the capacity of the cut
   * @throws RangeError for an arc whose capacity is none
   */
  solve (): number
  /** Writes 1 for each pixel on the source's side of the least cut that is nearest to the source, else 0. @param into [height, width] */
  readSides (into: Uint8Array): void
  /** Gives its memory back, which the next cut of this thread takes. It cuts no more. */
  close (): void
}

/**
 * Makes a network of a picture without arcs.
 * @param strategy how it is solved; the cut is the same one, to within the rounding of sums of capacities
 * @throws RangeError for a size that it cannot have
 */
export function createGridCut (shape: GridShape, strategy?: Strategy): GridCut {
  const { width, height, neighbours } = shape
  const { kernels, buffer, pixels, room, places, solve, sides, close } = createNetwork(shape, strategy, [8 * width * height])
  const arcs: Arcs[] = Array.from({ length: neighbours / 2 }, () => ({ forwards: 0, backwards: 0 }))
  const given = places[0]!
  new Float64Array(buffer, given, pixels).fill(0)
  kernels.useTerminals(given)
  /** flow that goes from source to sink over a pixel alone, and what has been pushed since arcs were written */
  let [direct, pushed] = [0, 0]
  let hasArcs = false

  const keepsFlow = () => hasArcs && kernels.isFlowKept() === 1

  /** Writes one of the arcs of the pixels of some rows. */
  function writeArcs (arc: number, from: number, until: number, values: ArrayLike<number> | number): void {
    const isOne = typeof values === 'number'
    if (!isOne) new Float64Array(buffer, room, (until - from) * width).set(slice(values, from * width, until * width))
    if (kernels.writeArcs(neighbours, arc, from, until, isOne ? 0 : room, isOne ? values : 0) === 1) return
    const pixel = kernels.wrongArc()
    throw new RangeError(`arcs ${ways[arc >> 1]!.name} of pixel ${pixel} must be finite numbers >= 0, got ${isOne ? values : values[pixel]}`)
  }

  /** Writes all arcs, some rows at a time, whatever comes of all ways: a row's arcs lie together, and stay in the cache. */
  function writeAllArcs (): void {
    const rows = Math.max(1, Math.floor(PIXELS_AT_ONCE / width))
    for (let from = 0; from < height; from += rows) {
      const until = Math.min(height, from + rows)
      for (const [way, { forwards, backwards }] of arcs.entries()) {
        writeArcs(2 * way, from, until, forwards)
        writeArcs(2 * way + 1, from, until, backwards)
      }
      kernels.markRows(neighbours, from, until)
    }
  }

  return {
    shape,
    get keepsFlow () { return keepsFlow() },
    setTerminals (source, sink) {
      const sinks = room + 8 * pixels
      new Float64Array(buffer, room, pixels).set(slice(source, 0, pixels))
      new Float64Array(buffer, sinks, pixels).set(slice(sink, 0, pixels))
      direct = kernels.giveTerminals(room, sinks)
      if (!Number.isNaN(direct)) return
      const pixel = kernels.wrongTerminal()
      throw new RangeError(`terminals of pixel ${pixel} must be two numbers >= 0, one of them finite, got ${source[pixel]} and ${sink[pixel]}`)
    },
    setArcs (way, forwards, backwards = forwards) {
      if (!(way >= 0 && way < neighbours / 2)) throw new RangeError(`way must be 0 .. ${neighbours / 2 - 1}, got ${way}`)
      arcs[way] = { forwards, backwards }
      hasArcs = false
    },
    solve () {
      if (!keepsFlow()) {
        hasArcs = false
        kernels.beginFlow()
        writeAllArcs()
        hasArcs = true
        pushed = 0
      }
      pushed += solve()
      return direct + pushed + kernels.shiftOfFlow()
    },
    readSides (into) {
      into.set(sides())
    },
    close
  }
}

interface Arcs { forwards: ArrayLike<number> | number, backwards: ArrayLike<number> | number }

/** Their arcs take 32 KiB. */
const PIXELS_AT_ONCE = 512

function slice (values: ArrayLike<number>, from: number, until: number): ArrayLike<number> {
  return values instanceof Float64Array ? values.subarray(from, until) : Array.prototype.slice.call(values, from, until)
}
