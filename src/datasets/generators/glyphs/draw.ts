/**
 * Draws a digit as a hand might: a way of writing it, points that miss their places a little, a slanted and shifted
 * sheet, a pen of some width with a soft edge, and noise. The ways of writing are in strokes.ts.
 */
import type { RandomStream } from '../../../math/random.js'
import { glyphs, type Glyph, type Point, type Stroke } from './strokes.js'

/** Pixels per side. */
export const GLYPH_SIZE = 28

/** Height of an average digit in pixels, as in MNIST. */
const HEIGHT = 19
/** How far points miss their places, standard deviation in heights. */
const WOBBLE = 0.028
/** Pixels over which the pen's edge fades. */
const EDGE = 1.1
/** Straight pieces between two points of a stroke. */
const PIECES = 6

/**
 * Draws one digit.
 * @param noise  standard deviation of the pixel noise, as a share of full brightness
 * @param stream all randomness of this picture
 * @param out    [28, 28] pixels, zero before; white (255) on black as in MNIST
 */
export function drawGlyph (digit: number, noise: number, stream: RandomStream, out: Uint8Array): void {
  const ways = glyphs[digit]!
  const glyph = ways[stream.integer(ways.length)]!
  const place = createSheet(stream)
  const pen = between(stream, 0.85, 1.75)
  const brightness = between(stream, 200, 255)
  const ink = new Float32Array(out.length)
  for (const stroke of wobble(glyph, stream)) {
    const path = smooth(stroke).map(place)
    for (let i = 1; i < path.length; i++) drawPiece(ink, path[i - 1]!, path[i]!, pen)
  }
  for (let i = 0; i < out.length; i++) {
    const value = brightness * ink[i]! + (noise > 0 ? 255 * noise * stream.normal() : 0)
    out[i] = Math.max(0, Math.min(255, Math.round(value)))
  }
}

/** A random affine map from the digit's coordinates to pixels: sizes, slant, turn, shift. */
function createSheet (stream: RandomStream): (point: Point) => Point {
  const height = HEIGHT * between(stream, 0.85, 1.1)
  const width = HEIGHT * between(stream, 0.75, 1.15)
  const slant = between(stream, -0.1, 0.35) // most hands lean to the right
  const angle = between(stream, -0.2, 0.2) // radians, about 11 degrees
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const centreX = GLYPH_SIZE / 2 + between(stream, -1.8, 1.8)
  const centreY = GLYPH_SIZE / 2 + between(stream, -1.8, 1.8)
  return ([x, y]) => {
    const leaning = width * x - slant * height * y
    return [centreX + cos * leaning - sin * height * y, centreY + sin * leaning + cos * height * y]
  }
}

/** Moves every point a little; a point that two strokes share stays shared. */
function wobble (glyph: Glyph, stream: RandomStream): Stroke[] {
  const moved = new Map<string, Point>()
  return glyph.map(stroke => stroke.map(point => {
    const key = point.join()
    const known = moved.get(key) ?? [point[0] + WOBBLE * stream.normal(), point[1] + WOBBLE * stream.normal()] as const
    moved.set(key, known)
    return known
  }))
}

/** A smooth path through the points of a stroke (uniform Catmull-Rom spline), as short straight pieces. */
function smooth (stroke: Stroke): Point[] {
  const path: Point[] = [stroke[0]!]
  for (let i = 0; i + 1 < stroke.length; i++) {
    const [a, b, c, d] = [stroke[Math.max(i - 1, 0)]!, stroke[i]!, stroke[i + 1]!, stroke[Math.min(i + 2, stroke.length - 1)]!]
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES
      path.push([spline(a[0], b[0], c[0], d[0], t), spline(a[1], b[1], c[1], d[1], t)])
    }
  }
  return path
}

function spline (a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
}

/** Raises the ink of the pixels near a straight piece to what a round pen leaves there. */
function drawPiece (ink: Float32Array, [ax, ay]: Point, [bx, by]: Point, pen: number): void {
  const reach = pen + EDGE
  const [dx, dy] = [bx - ax, by - ay]
  const lengthSquared = dx * dx + dy * dy || 1e-12
  const [left, right] = [Math.max(0, Math.floor(Math.min(ax, bx) - reach)), Math.min(GLYPH_SIZE - 1, Math.ceil(Math.max(ax, bx) + reach))]
  const [top, bottom] = [Math.max(0, Math.floor(Math.min(ay, by) - reach)), Math.min(GLYPH_SIZE - 1, Math.ceil(Math.max(ay, by) + reach))]
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const [px, py] = [column + 0.5 - ax, row + 0.5 - ay]
      const along = Math.max(0, Math.min(1, (px * dx + py * dy) / lengthSquared))
      const [ox, oy] = [px - along * dx, py - along * dy]
      const distance = Math.sqrt(ox * ox + oy * oy) // Math.hypot takes twice the time of the whole function
      const share = Math.max(0, Math.min(1, 0.5 + (pen - distance) / EDGE))
      const at = row * GLYPH_SIZE + column
      const soft = share * share * (3 - 2 * share)
      if (soft > ink[at]!) ink[at] = soft
    }
  }
}

function between (stream: RandomStream, low: number, high: number): number {
  return low + (high - low) * stream.uniform()
}
