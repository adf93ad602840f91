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
   * @throws RangeError
   */
  setArcs (way: number, forwards: ArrayLike<number> | number, backwards?: ArrayLike<number> | number): void
  /**
   * Cuts: what is set stands for one cut, and has to be set anew for the next one; the memory is used again.
   * @returns the flow, which is the capacity of the cut
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
  /** flow that goes from source to sink over a pixel alone */
  let direct = 0

  return {
    shape,
    setTerminals (source, sink) {
      direct = 0
      for (let i = 0; i < pixels; i++) {
        const [from, to] = [source[i]!, sink[i]!]
        if (!(from >= 0 && to >= 0 && Math.min(from, to) < Infinity)) {
          throw new RangeError(`terminals of pixel ${i} must be two numbers >= 0, one of them finite, got ${from} and ${to}`)
        }
        direct += Math.min(from, to)
        terminals[first + i] = from - to
      }
    },
    setArcs (way, forwards, backwards = forwards) {
      const step = ways[way]
      if (step === undefined || way >= neighbours / 2) throw new RangeError(`way must be 0 .. ${neighbours / 2 - 1}, got ${way}`)
      const { x, y } = step
      const offset = y * width + x
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const i = row * width + column
          if (column + x < 0 || column + x >= width || row + y >= height) continue
          const there = typeof forwards === 'number' ? forwards : forwards[i]!
          const back = typeof backwards === 'number' ? backwards : backwards[i]!
          if (!(there >= 0 && back >= 0 && there < Infinity && back < Infinity)) {
            throw new RangeError(`arcs ${step.name} of pixel ${i} must be finite numbers >= 0, got ${there} and ${back}`)
          }
          capacities[(first + i) * neighbours + 2 * way] = there
          capacities[(first + i + offset) * neighbours + 2 * way + 1] = back
        }
      }
    },
    solve: () => direct + kernels.solveGrid(),
    readSides (into) {
      for (let i = 0; i < pixels; i++) into[i] = kernels.isSource(first + i)
    }
  }
}

/** Its arcs of 8 neighbours take half a gigabyte. */
const MOST_PIXELS = 2 ** 23
