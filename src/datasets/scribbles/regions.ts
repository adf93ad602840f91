/** The connected regions of a class map, each cut out with a frame of one pixel: whoever looks at neighbours needs no bounds. */
import { UNLABELLED } from '../unlabelled.js'

/** Pixels of one class that hang together, by sides or corners. */
export interface Region {
  label: number
  /** of the frame, in pixels of the map; -1 at its edge */
  left: number
  top: number
  /** with the frame */
  width: number
  height: number
  /** [height, width]: 1 in the region, 0 outside of it */
  inside: Uint8Array
  /** places in `inside`, row by row */
  pixels: number[]
}

/** Steps to the eight neighbours, around a pixel: right, down-right, down, ... */
export function stepsAround (width: number): number[] {
  return [1, width + 1, width, width - 1, -1, -width - 1, -width, -width + 1]
}

/**
 * Finds the regions of all classes, in the order of their first pixels. Unlabelled pixels are in none.
 * @param map [height, width], classes
 */
export function * eachRegion (map: Uint8Array, height: number, width: number): Generator<Region> {
  const isFound = new Uint8Array(map.length)
  for (let first = 0; first < map.length; first++) {
    if (isFound[first] === 1 || map[first] === UNLABELLED) continue
    yield cutOut(map[first]!, collect(map, height, width, first, isFound), width)
  }
}

/** All pixels of the region of one of them, which are marked as found. */
function collect (map: Uint8Array, height: number, width: number, first: number, isFound: Uint8Array): number[] {
  const found = [first]
  isFound[first] = 1
  for (let next = 0; next < found.length; next++) {
    const [x, y] = [found[next]! % width, Math.floor(found[next]! / width)]
    for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
      for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
        const pixel = row * width + column
        if (isFound[pixel] === 1 || map[pixel] !== map[first]) continue
        isFound[pixel] = 1
        found.push(pixel)
      }
    }
  }
  return found
}

function cutOut (label: number, found: number[], mapWidth: number): Region {
  let [left, right, top, bottom] = [Infinity, 0, Infinity, 0]
  for (const pixel of found) {
    const [x, y] = [pixel % mapWidth, Math.floor(pixel / mapWidth)]
    left = Math.min(left, x - 1)
    right = Math.max(right, x + 1)
    top = Math.min(top, y - 1)
    bottom = Math.max(bottom, y + 1)
  }
  const [width, height] = [right - left + 1, bottom - top + 1]
  const pixels = found.map(pixel => (Math.floor(pixel / mapWidth) - top) * width + pixel % mapWidth - left).sort((a, b) => a - b)
  const inside = new Uint8Array(width * height)
  for (const pixel of pixels) inside[pixel] = 1
  return { label, left, top, width, height, inside, pixels }
}
