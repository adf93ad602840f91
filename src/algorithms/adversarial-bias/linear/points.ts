/** The points z = y x of a trial: given, made, or two classes of its data set. */
import type { RunContext } from '../../contract.js'
import type { RandomStream } from '../../../math/random.js'
import { addScaled, dot, norm, scale } from '../../../math/vectors.js'
import type { StoredRows } from '../../../optimizers/rows.js'
import { denseRows } from '../../../optimizers/rows/dense.js'
import { openClassPoints } from './class-points.js'
import type { Points, PointsOf } from './spec.js'

/** Opens the points. @throws AppError unfit_dataset when a class has no example, or all numbers are 0 */
export function openPoints (points: Points, { random, data }: Pick<RunContext, 'random' | 'data'>): StoredRows {
  switch (points.type) {
    case 'given': return rowsOf(points.points)
    case 'two-vectors': return rowsOf(supportVectors(points.margin, points.along))
    case 'forty': return rowsOf(fortyPoints())
    case 'random': return randomPoints(points, random('points'))
    case 'classes': return openClassPoints(points, data.data!)
  }
}

function rowsOf (points: readonly (readonly number[])[]): StoredRows {
  return denseRows(Float64Array.from(points.flat()), points[0]!.length)
}

/** along u + across v of u = (1, 1) / sqrt(2), v = (-1, 1) / sqrt(2) */
function inDiagonals (along: number, across: number): number[] {
  return [(along - across) / Math.sqrt(2), (along + across) / Math.sqrt(2)]
}

function supportVectors (margin: number, [a1, a2]: readonly number[]): number[][] {
  return [inDiagonals(margin, a1!), inDiagonals(margin, -a2!)]
}

function fortyPoints (): number[][] {
  const behind = Array.from({ length: 38 }, (_, k) => inDiagonals(2 + 0.15 * k, (k % 2 === 0 ? 1 : -1) * 0.2 * k))
  return [...supportVectors(1, [3, 0.4]), ...behind]
}

/**
 * Normal points; those that are nearer than the margin along u lie at it. Two of them lie opposite each other beside gamma u,
 * which is so in the points' convex hull: no direction has a larger margin than u.
 */
function randomPoints ({ dimensions, examples, margin }: PointsOf<'random'>, stream: RandomStream): StoredRows {
  const normal = () => Float64Array.from({ length: dimensions }, () => stream.normal())
  const u = normal()
  scale(u, 1 / norm(u), u)
  const values = new Float64Array(examples * dimensions)
  const rows = Array.from({ length: examples }, (_, i) => values.subarray(i * dimensions, (i + 1) * dimensions))
  for (const row of rows) {
    row.set(normal())
    place(row, Math.max(margin, dot(row, u)))
  }
  const [first, second] = rows as [Float64Array, Float64Array]
  place(first, 0)
  scale(second, -(0.25 + 0.75 * stream.uniform()), first)
  place(first, margin)
  place(second, margin)
  return denseRows(values, dimensions)

  /** Moves a point along u until it lies so far along it. */
  function place (row: Float64Array, along: number): void {
    addScaled(row, row, along - dot(row, u), u)
  }
}
