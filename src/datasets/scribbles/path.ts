/** Ways over the pixels of a region or a skeleton, by sides and corners. */
import { stepsAround } from './regions.js'

/**
 * Finds the way with the fewest steps.
 * @param inside [height, width]: 1 where it may go; 0 at the frame
 * @param to     when left out, to a pixel that is farthest
 * @returns      its pixels, the first `from`
 */
export function findPath (inside: Uint8Array, width: number, from: number, to?: number): number[] {
  const around = stepsAround(width)
  const cameFrom = new Int32Array(inside.length).fill(-1)
  cameFrom[from] = from
  const reached = [from]
  for (let next = 0; next < reached.length; next++) {
    for (const step of around) {
      const neighbour = reached[next]! + step
      if (inside[neighbour] !== 1 || cameFrom[neighbour] !== -1) continue
      cameFrom[neighbour] = reached[next]!
      reached.push(neighbour)
    }
  }
  const path = [to ?? reached.at(-1)!]
  while (path.at(-1) !== from) path.push(cameFrom[path.at(-1)!]!)
  return path.reverse()
}
