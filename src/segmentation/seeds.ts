/** Pixels whose labels are given: a map of them, and strokes drawn over it, the later one where two cross. */
import { UNLABELLED } from '../datasets/unlabelled.js'
import { AppError } from '../errors.js'
import { defaults, type Stroke } from './spec.js'

/** [height, width]: labels, or UNLABELLED. */
export interface Seeds { height: number, width: number, data: Uint8Array }

/**
 * Draws strokes: every pixel whose centre is within half their width of the line, round at its ends and corners; those nearest
 * to its points in any case.
 * @throws AppError invalid_picture for a point outside of the picture
 */
export function drawStrokes (seeds: Seeds, strokes: readonly Stroke[]): void {
  const { height, width } = seeds
  for (const [i, { points }] of strokes.entries()) {
    const outside = points.findIndex(([x, y]) => x > width - 1 || y > height - 1)
    if (outside < 0) continue
    throw new AppError('invalid_picture', `strokes[${i}].points[${outside}] must lie in the picture, x 0 .. ${width - 1} and y 0 .. ${height - 1}, got [${points[outside]!.join(', ')}]`)
  }
  for (const stroke of strokes) drawStroke(seeds, stroke)
}

/**
 * Says which label of every pixel is given, and that each is at least once.
 * @throws AppError invalid_picture for a label that there is not, or that no seed has
 */
export function checkSeeds ({ width, data }: Seeds, labels: number): void {
  const counts = new Array<number>(labels).fill(0)
  for (let pixel = 0; pixel < data.length; pixel++) {
    const label = data[pixel]!
    if (label === UNLABELLED) continue
    if (label >= labels) throw new AppError('invalid_picture', `seeds must have labels 0 .. ${labels - 1}, got ${label} at pixel (x ${pixel % width}, y ${Math.floor(pixel / width)})`)
    counts[label]!++
  }
  const missing = counts.indexOf(0)
  if (missing >= 0) throw new AppError('invalid_picture', `every label 0 .. ${labels - 1} must have a seed, got none of label ${missing}`)
}

function drawStroke ({ height, width, data }: Seeds, { label, width: thickness = defaults.strokeWidth, points }: Stroke): void {
  const radius = thickness / 2
  for (const [i, from] of points.entries()) {
    data[Math.round(from[1]) * width + Math.round(from[0])] = label
    drawLine(from, points[i + 1] ?? from)
  }

  /** Row by row, where the line passes within the radius. */
  function drawLine ([x0, y0]: Stroke['points'][number], [x1, y1]: Stroke['points'][number]): void {
    const [dx, dy] = [x1 - x0, y1 - y0]
    const square = dx * dx + dy * dy
    const first = Math.max(0, Math.ceil(Math.min(y0, y1) - radius))
    const last = Math.min(height - 1, Math.floor(Math.max(y0, y1) + radius))
    for (let y = first; y <= last; y++) {
      // The part of the line, 0 .. 1, that is at most the radius above or below the row.
      const ends = dy === 0 ? [0, 1] : [(y - radius - y0) / dy, (y + radius - y0) / dy].map(t => Math.min(1, Math.max(0, t)))
      const xs = ends.map(t => x0 + t * dx)
      const left = Math.max(0, Math.ceil(Math.min(...xs) - radius))
      const right = Math.min(width - 1, Math.floor(Math.max(...xs) + radius))
      for (let x = left; x <= right; x++) {
        const t = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / square))
        if ((x - x0 - t * dx) ** 2 + (y - y0 - t * dy) ** 2 <= radius * radius) data[y * width + x] = label
      }
    }
  }
}
