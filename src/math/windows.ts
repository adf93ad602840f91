/** Parts of pictures and of the maps that belong to them: cut out of the whole, and laid into it. Numbers are only moved. */
import type { NumericArray } from './arrays.js'

/** [height, width] */
export type Size = readonly [number, number]

/** Its upper left pixel, in those of the whole, and its sides. */
export interface Window { top: number, left: number, height: number, width: number }

/** How the numbers of a picture lie: [maps, ...size, numbers of a pixel]. */
export interface MapLayout { maps: number, size: Size, numbers: number }

/** Numbers of a whole. */
export function lengthOf ({ maps, size: [height, width], numbers }: MapLayout): number {
  return maps * height * width * numbers
}

/** Copies a window out. @param into as the layout says, of the window's size */
export function cutWindow (whole: NumericArray, layout: MapLayout, window: Window, into: NumericArray): void {
  eachRow(layout, window, (inWhole, inPart, length) => { into.set(whole.subarray(inWhole, inWhole + length), inPart) })
}

/** Copies a window in; what is around it stays. @param part as the layout says, of the window's size */
export function layWindow (part: NumericArray, layout: MapLayout, window: Window, into: NumericArray): void {
  eachRow(layout, window, (inWhole, inPart, length) => { into.set(part.subarray(inPart, inPart + length), inWhole) })
}

/** Visits the rows of a window, map by map: where they begin in the whole and in the part, and how many numbers they have. */
function eachRow (
  { maps, size: [height, width], numbers }: MapLayout, window: Window, visit: (inWhole: number, inPart: number, length: number) => void
): void {
  const length = window.width * numbers
  for (let map = 0; map < maps; map++) {
    for (let row = 0; row < window.height; row++) {
      visit(((map * height + window.top + row) * width + window.left) * numbers, (map * window.height + row) * length, length)
    }
  }
}
