/** The network of a picture in the memory of its kernels. Next hop: assembly/solver.ts. */
import { borrowKernels, layOut, returnKernels, type Kernels } from './kernels.js'
import type { GridShape } from './shape.js'
import { mostTreeWork, type Strategy } from './strategy.js'

export interface Network {
  kernels: Kernels
  buffer: ArrayBuffer
  pixels: number
  /** scratch between cuts: a byte where at least 40 for each pixel begin */
  room: number
  /** where what it was asked to have memory for lies */
  places: number[]
  /** Pushes all flow that there still is. @returns that flow */
  solve (): number
  /** u8[height, width], as long as it is not solved again: 1 for pixels on the source's side of the cut */
  sides (): Uint8Array
  /** Gives its memory back, which the next network takes; it is none any more. */
  close (): void
}

/**
 * Makes a network. Arcs and terminals have to be written: the memory may be that of another one.
 * @param more bytes of memory for each thing that lies beside it
 * @throws RangeError for a size that it cannot have
 */
export function createNetwork (
  { width, height, neighbours }: GridShape, strategy: Strategy | undefined, more: readonly number[] = []
): Network {
  const pixels = width * height
  if (!(Number.isInteger(width) && width >= 1 && Number.isInteger(height) && height >= 1 && pixels <= MOST_PIXELS)) {
    throw new RangeError(`a grid must have 1 to ${MOST_PIXELS} pixels, got ${width} x ${height}`)
  }
  const kernels = borrowKernels()
  const nodes = kernels.nodesOf(width, height)
  const [offsets, capacities, terminals, opens, room, ...places] = layOut(
    kernels, [4 * neighbours, 8 * nodes * neighbours, 8 * nodes, nodes, kernels.roomOf(nodes), ...more]
  ) as [number, number, number, number, number, ...number[]]
  const { buffer } = kernels.memory
  kernels.useGrid(width, height, offsets, capacities, terminals, opens)
  kernels.useRoom(room)
  kernels.writeOffsets(neighbours)
  kernels.closeEdges(neighbours)
  const most = mostTreeWork(strategy)
  return {
    kernels,
    buffer,
    pixels,
    room,
    places,
    solve: () => neighbours === 4 ? kernels.solveGrid4(most) : kernels.solveGrid8(most),
    sides: () => new Uint8Array(buffer, kernels.sides() + width + 1, pixels),
    close: () => { returnKernels(kernels) }
  }
}

/** Its arcs of 8 neighbours take half a gigabyte. */
const MOST_PIXELS = 2 ** 23
