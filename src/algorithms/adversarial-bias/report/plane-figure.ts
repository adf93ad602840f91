/** Points in the plane with the balls in which the adversary moves them, and the boundary as training turns it. Pure. */
import { dualOf, normOf } from '../../../math/norms.js'
import type { Figure } from '../../contract.js'
import { blue, figure, grey, inLine, orange, panelTitle, thinned } from '../../kit/figure-parts.js'
import type { NormOrder } from '../perturbation-spec.js'
import { orderOf } from '../radius.js'
import type { LinearResult } from '../result.js'
import { saySeed } from './series.js'
import { lastOf, type Found, type LinearArm } from './trials.js'

/** Trainings, times of each, points and corners of a ball that are drawn; pixels of a panel. */
const [maxArms, maxTimes, maxBalls, corners, side] = [3, 3, 60, 48, 200]

type Picture = NonNullable<LinearResult['picture']>
type Pair = [number, number]

/** A row of panels for each training, from early to late; none where no trial has points in the plane. */
export function drawPlane (arms: LinearArm[]): Figure[] {
  const shown = thinned(arms.filter(({ trials }) => pictureOf(trials[0]!) !== undefined), maxArms)
  if (shown.length === 0) return []
  return [figure('plane', 'Points, perturbations and the boundary over time', {
    title: {
      text: 'Points z = y x, the balls of their perturbations, and the boundary',
      subtitle: [`${saySeed(shown)}; orange: the worst perturbation is misread; line: the boundary, arrow: w / |w|; dashed: the boundary of the limit`]
    },
    ...inLine,
    spacing: { row: 60, column: 36 },
    columns: Math.min(maxTimes, Math.max(...shown.map(({ trials }) => timesOf(pictureOf(trials[0]!)!).length))),
    concat: shown.flatMap(arm => timesOf(pictureOf(arm.trials[0]!)!).map(([step, ...w]) => panelOf(arm, step!, w as Pair)))
  })]
}

function pictureOf ({ of: { picture } }: Found<LinearResult>): Picture | undefined {
  return picture !== undefined && picture.points.length > 0 && picture.path.length > 0 ? picture : undefined
}

/** The first place of the path, the last one, and that between in powers of ten. */
function timesOf ({ path }: Picture): number[][] {
  const [first, last] = [path[0]!, path.at(-1)!]
  const middle = Math.sqrt(first[0]! * last[0]!)
  const away = ([step]: number[]) => Math.abs(Math.log(step! / middle))
  const between = path.reduce((nearest, place) => away(place) < away(nearest) ? place : nearest)
  return [...new Set([first, between, last])]
}

function panelOf (arm: LinearArm, step: number, w: Pair): Record<string, unknown> {
  const [trial] = arm.trials
  const { radius } = lastOf(trial!)
  const points = thinned(pictureOf(trial!)!.points as Pair[], maxBalls)
  const { domains, reach } = frameOf(points, radius)
  const length = Math.hypot(...w)
  const u: Pair = [w[0] / length, w[1] / length]
  const placed = points.map(([x, y], i) => ({ x, y, i, read: x * u[0] + y * u[1] - radius * dualNorm(u, arm.q) >= 0 ? 'right' : 'wrong' }))
  const axis = (field: 'x' | 'y') => ({ field, type: 'quantitative', title: null, scale: { domain: domains[field], nice: false, zero: false }, axis: { grid: false, tickCount: 4 } })
  const [x, y] = [axis('x'), axis('y')]
  const color = { field: 'read', type: 'nominal', legend: null, scale: { domain: ['right', 'wrong'], range: [blue, orange] } }
  const limit = trial!.of.mixed?.direction
  const arrow = 0.35 * reach
  const edge = ballOf(arm.q, radius)
  const limitLine = { color: grey, strokeDash: [4, 3], strokeWidth: 1.4 }
  return {
    title: panelTitle(`${arm.name}, T ${step}`),
    width: side,
    height: side,
    layer: [
      ...(radius === 0
        ? []
        : [{
            data: { values: placed.flatMap(({ x, y, i, read }) => edge.map(([dx, dy], k) => ({ x: x + dx, y: y + dy, i, k, read }))) },
            mark: { type: 'line', interpolate: 'linear-closed', strokeWidth: 0.6, opacity: 0.55, clip: true },
            encoding: { x, y, color, detail: { field: 'i' }, order: { field: 'k' } }
          }]),
      ...(limit === undefined ? [] : [lineOf(boundary(limit as Pair, reach), limitLine, { x, y })]),
      lineOf(boundary(u, reach), { color: '#222', strokeWidth: 1.8 }, { x, y }),
      lineOf([[0, 0], [arrow * u[0], arrow * u[1]]], { color: '#222', strokeWidth: 1.4 }, { x, y }),
      { data: { values: [{ x: arrow * u[0], y: arrow * u[1] }] }, mark: { type: 'point', shape: 'triangle', filled: true, color: '#222', size: 46, opacity: 1, angle: Math.atan2(u[0], u[1]) * 180 / Math.PI }, encoding: { x, y } },
      { data: { values: placed }, mark: { type: 'point', filled: true, size: 22, opacity: 1 }, encoding: { x, y, color } }
    ]
  }
}

/** A square that has 0, all points and their balls in it. */
function frameOf (points: Pair[], radius: number): { domains: { x: Pair, y: Pair }, reach: number } {
  const ends = ([0, 1] as const).map(axis => {
    const values = points.map(point => point[axis])
    return [Math.min(0, ...values.map(value => value - radius)), Math.max(0, ...values.map(value => value + radius))] as Pair
  })
  const reach = 1.06 * Math.max(...ends.map(([low, high]) => high - low))
  const [x, y] = ends.map(([low, high]): Pair => [(low + high - reach) / 2, (low + high + reach) / 2]) as [Pair, Pair]
  return { domains: { x, y }, reach }
}

/** The edge of the ball |delta|_q <= radius around 0. */
function ballOf (q: NormOrder, radius: number): Pair[] {
  return Array.from({ length: corners }, (_, k): Pair => {
    const angle = 2 * Math.PI * k / corners
    const [x, y] = [Math.cos(angle), Math.sin(angle)]
    const factor = radius / normOf([x, y], orderOf(q))
    return [factor * x, factor * y]
  })
}

/** |u|_p with 1/p + 1/q = 1: what a margin loses per radius. */
function dualNorm (u: Pair, q: NormOrder): number {
  return normOf(u, dualOf(orderOf(q)))
}

/** The line through 0 across u. */
function boundary ([x, y]: Pair, reach: number): Pair[] {
  return [[-2 * reach * y, 2 * reach * x], [2 * reach * y, -2 * reach * x]]
}

function lineOf (ends: Pair[], mark: object, encoding: object): Record<string, unknown> {
  return { data: { values: ends.map(([x, y], k) => ({ x, y, k })) }, mark: { type: 'line', clip: true, ...mark }, encoding: { ...encoding, order: { field: 'k' } } }
}
