/** Grey pictures drawn by formula, for fits without an upload. Values 0 (black) .. 1 (white). */
import type { PictureName } from './spec.js'

/** 1 inside, 0 outside, with an edge about two of 24 pixels wide: a hard one has high frequencies that no small network learns. */
const inside = (distance: number) => 0.5 - 0.5 * Math.tanh(distance / 0.08)

/** Grey at (u, v), each -1 .. 1 from left to right and top to bottom. */
const drawings: Record<PictureName, (u: number, v: number) => number> = {
  // a large shape with a dark and a bright spot: energy falls off with frequency, as in photographs
  disc: (u, v) => 0.1 + (0.7 - 0.3 * u) * inside(Math.hypot(u, v) - 0.7) -
    0.6 * inside(Math.hypot(u + 0.25, v + 0.2) - 0.2) + 0.3 * inside(Math.hypot(u - 0.3, v - 0.25) - 0.15),
  // two waves of equal amplitude, the second four times as fine
  stripes: (u, v) => 0.5 + 0.22 * Math.sin(Math.PI * (u + v)) + 0.22 * Math.sin(4 * Math.PI * u),
  checkerboard: (u, v) => (Math.floor(2 * (u + 1)) + Math.floor(2 * (v + 1))) % 2 === 0 ? 0.9 : 0.1
}

/** Draws a picture. @returns [side, side] by rows from top to bottom; pixel (r, c) is at u = -1 + 2 c / side, v = -1 + 2 r / side */
export function drawPicture (name: PictureName, side: number): Float64Array {
  const at = (i: number) => -1 + 2 * i / side
  return Float64Array.from({ length: side * side }, (_, i) => drawings[name](at(i % side), at(Math.floor(i / side))))
}
