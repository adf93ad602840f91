/** How a lattice lies in the memory of its kernels (assembly/), and how it comes to be there. */
import { align } from '../math/web-assembly.js'
import { writeFeatures, type Features } from './filter.js'
import type { Kernels } from './kernels.js'

/** that are filtered at a time */
export const MOST_CHANNELS = 8
/** points whose values are copied at a time: as many as a cache has room for */
export const TILE = 4096
/** numbers from one plane of the tile to the next: no power of two, so that planes do not share cache lines */
export const STRIDE = TILE + 16
/** of the table, at first */
const LEAST_CAPACITY = 2 ** 14
const ROOM = 512

/**
 * Lays out the memory: what a point needs while it is embedded, the tile, rows and weights of points, then, once the table has done
 * its work, neighbours and values in its place.
 * @returns freeAt: room for a number of each point
 */
export function layOut (kernels: Kernels, features: Features): { tileAt: number, vertices: number, freeAt: number } {
  const { points, dimension } = features
  const corners = dimension + 1
  const roomAt = kernels.heapBase()
  const tileAt = roomAt + ROOM
  const rowsAt = tileAt + 4 * MOST_CHANNELS * STRIDE
  const weightsAt = align(rowsAt + 4 * points * corners)
  const tableAt = align(weightsAt + 4 * points * corners + 16)
  kernels.reserve(tableAt)
  kernels.usePoints(points, dimension, rowsAt, weightsAt, roomAt)
  const tableEnd = embedAll(kernels, features, tileAt, tableAt)
  const vertices = kernels.vertices()
  const links = 8 * corners * vertices
  kernels.reserve(tableEnd + links)
  kernels.findNeighbours(tableEnd, roomAt)
  new Uint8Array(kernels.memory.buffer).copyWithin(tableAt, tableEnd, tableEnd + links)
  const size = 4 * MOST_CHANNELS * (vertices + 1)
  const valuesAt = align(tableAt + links)
  const freeAt = valuesAt + 3 * size
  kernels.reserve(freeAt + 4 * points)
  kernels.useRows(tableAt, vertices, valuesAt, valuesAt + size, valuesAt + 2 * size)
  kernels.useTile(tileAt, 4 * STRIDE)
  return { tileAt, vertices, freeAt }
}

/**
 * Embeds all points, as many at a time as the tile has room for; the table is made twice as large when it is half full.
 * @returns where it ends
 */
function embedAll (kernels: Kernels, features: Features, tileAt: number, keysAt: number): number {
  const { points, dimension } = features
  const most = Math.floor(MOST_CHANNELS * STRIDE / 2 / dimension)
  const bytesOfKey = dimension > 4 ? 32 : 16
  let end = 0
  const openTable = (capacity: number) => {
    const slotsAt = keysAt + bytesOfKey * (capacity / 2 + 1)
    end = slotsAt + 4 * capacity
    kernels.reserve(end)
    kernels.useTable(dimension, keysAt, slotsAt, capacity, kernels.vertices())
  }
  let capacity = LEAST_CAPACITY
  openTable(capacity)
  for (let done = 0; done < points;) {
    const next = Math.min(done + most, points)
    writeFeatures(features, done, new Float64Array(kernels.memory.buffer, tileAt, (next - done) * dimension))
    done = kernels.embed(done, next - done, tileAt)
    if (done < next) openTable(capacity *= 2)
  }
  return end
}
