/**
 * How deep in its region every pixel lies: the exact squared Euclidean distance to the nearest pixel outside (Saito, Toriwaki
 * 1994, "New algorithms for Euclidean distance transformation": columns first, then along the rows as far as may be nearer).
 */
import type { Region } from './regions.js'

/** @returns [height, width] of the region: 0 outside, in squared pixels; beyond the map's edge is outside, too */
export function measureDepths ({ width, height, inside }: Pick<Region, 'width' | 'height' | 'inside'>): Int32Array {
  const inColumn = new Int32Array(width * height)
  for (let at = width; at < inColumn.length; at++) inColumn[at] = inside[at] === 0 ? 0 : inColumn[at - width]! + 1
  for (let at = inColumn.length - width - 1; at >= 0; at--) inColumn[at] = Math.min(inColumn[at]!, inColumn[at + width]! + 1)
  return inColumn.map((distance, at) => {
    let least = distance ** 2
    for (let aside = 1; aside ** 2 < least; aside++) { // ends at the frame, where it is 0
      least = Math.min(least, aside ** 2 + Math.min(inColumn[at - aside]!, inColumn[at + aside]!) ** 2)
    }
    return least
  })
}
