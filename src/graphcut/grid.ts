/**
 * Minimum cuts of pictures: a node for each pixel, arcs between neighbours, and to two terminals. Built in place, so that what
 * is kept of an arc is its capacity alone. Next hop: assembly/solver.ts.
 */
import { layOut, loadKernels } from './kernels.js'

/** Ways to a neighbour; every arc is on one of them, forwards or backwards. The first two are those of 4 neighbours. */
export const ways = [
  { name: 'right', x: 1, y: 0 }, { name: 'down', x: 0, y: 1 }, { name: 'down-right', x: 1, y: 1 }, { name: 'down-left', x: -1, y: 1 }
] as const

export interface GridShape {
  /** pixels */
  width: number
  height: number
  neighbours: 4 | 8
}

/** Capacities are numbers >= 0, of a terminal also Infinity: what such a seed is tied to is never cut, and swallows nothing. */
export interface GridCut {
  readonly shape: GridShape
  /**
   * Ties pixels to the terminals, in place of what they were tied to.
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
   * Cuts. Terminals stand for one cut and have to be set anew for the next one; the memory is used again.
   * @returns the flow, which is the capacity of the cut
   * @throws RangeError for an arc whose capacity is none
   */
  solve (): number
  /** Writes 1 for each pixel on the source's side of the least cut that is nearest to the source, else 0. @param into [height, width] */
  readSides (into: Uint8Array): void
}

/** Makes a network of a picture without arcs. @throws RangeError for a size that it cannot have */
export function createGridCut (shape: GridShape): GridCut {
  const { width, height, neighbours } = shape
  const pixels = width * height
  if (!(Number.isInteger(width) && width >= 1 && Number.isInteger(height) && height >= 1 && pixels <= MOST_PIXELS)) {
    throw new RangeError(`a grid must have 1 to ${MOST_PIXELS} pixels, got ${width} x ${height}`)
  }
  // A row that nothing leads to lies before and after the pixels: what leads out of the picture has somewhere to end.
  const first = width + 1
  const nodes = pixels + 2 * first
  const kernels = loadKernels()
  const [offsetsAt, capacitiesAt, terminalsAt, roomAt] = layOut(
    kernels, [4 * neighbours, 8 * nodes * neighbours, 8 * nodes, kernels.roomOf(nodes)]
  ) as [number, number, number, number]
  const { buffer } = kernels.memory
  const offsets = new Int32Array(buffer, offsetsAt, neighbours)
  const capacities = new Float64Array(buffer, capacitiesAt, nodes * neighbours)
  const terminals = new Float64Array(buffer, terminalsAt, nodes)
  ways.slice(0, neighbours / 2).forEach(({ x, y }, way) => {
    offsets[2 * way] = y * width + x
    offsets[2 * way + 1] = -(y * width + x)
  })
  kernels.useGrid(nodes, neighbours, offsetsAt, capacitiesAt, terminalsAt)
  kernels.useRoom(roomAt)
  const arcs: Arcs[] = Array.from({ length: neighbours / 2 }, () => ({ forwards: 0, backwards: 0 }))
  /** flow that goes from source to sink over a pixel alone */
  let direct = 0

  /** Writes the capacities of a row on one way: its own arcs, or those that lead back to it. */
  function writeRow (row: number, way: number, { forwards, backwards }: Arcs): void {
    const { name, x, y } = ways[way]!
    if (row + y >= height) return
    const begin = row * width + Math.max(0, -x)
    const end = (row + 1) * width - Math.max(0, x)
    for (const [values, arc] of [[forwards, 2 * way], [backwards, 2 * way + 1]] as const) {
      const isOne = typeof values === 'number'
      let at = (first + begin + (arc % 2) * (y * width + x)) * neighbours + arc
      for (let i = begin; i < end; i++, at += neighbours) {
        const value = isOne ? values : values[i]!
        if (!(value >= 0 && value < Infinity)) throw new RangeError(`arcs ${name} of pixel ${i} must be finite numbers >= 0, got ${value}`)
        capacities[at] = value
      }
    }
  }

  return {
    shape,
    setTerminals (source, sink) {
      direct = 0
      for (let i = 0; i < pixels; i++) {
        const from = source[i]!
        const to = sink[i]!
        const both = from < to ? from : to
        if (!(from >= 0 && to >= 0 && both < Infinity)) {
          throw new RangeError(`terminals of pixel ${i} must be two numbers >= 0, one of them finite, got ${from} and ${to}`)
        }
        direct += both
        terminals[first + i] = from - to
      }
    },
    setArcs (way, forwards, backwards = forwards) {
      if (!(way >= 0 && way < neighbours / 2)) throw new RangeError(`way must be 0 .. ${neighbours / 2 - 1}, got ${way}`)
      arcs[way] = { forwards, backwards }
    },
    solve () {
      // Row by row, whatever comes of all ways: a row's arcs lie together.
      for (let row = 0; row < height; row++) for (const [way, of] of arcs.entries()) writeRow(row, way, of)
      return direct + kernels.solveGrid()
    },
    readSides (into) {
      const labels = new Int32Array(buffer, kernels.labels())
      for (let i = 0; i < pixels; i++) into[i] = Number(labels[first + i]! > 0)
    }
  }
}

interface Arcs { forwards: ArrayLike<number> | number, backwards: ArrayLike<number> | number }

/** Its arcs of 8 neighbours take half a gigabyte. */
const MOST_PIXELS = 2 ** 23
