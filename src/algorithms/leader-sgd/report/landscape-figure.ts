/** The ways of the workers over the landscape of a problem in two dimensions. Pure. */
import { encode } from 'fast-png'
import type { Figure } from '../../contract.js'
import { colors, figure, inLine, panelTitle, thinned } from '../../kit/figure-parts.js'
import type { Problem } from '../problems/spec.js'
import type { LeaderSpec } from '../spec.js'
import { columnsFor, saySeed } from './series.js'
import type { RanArm } from './trials.js'

/** Pixels of the picture, and of a panel. */
const [resolution, side] = [180, 260]

/** The figure; none where no trial has paths. */
export function drawLandscape ({ problem }: LeaderSpec, arms: RanArm[]): Figure[] {
  const drawn = thinned(arms.filter(({ trials }) => trials[0]!.result.paths !== undefined), 4)
  if (drawn.length === 0) return []
  const all = drawn.flatMap(({ trials }) => trials[0]!.result.paths!.flat(2)).filter(Number.isFinite)
  const reach = 1.08 * all.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6)
  const picture = pictureOf(problem, reach)
  return [figure('landscape', 'Ways of the workers', {
    title: {
      text: 'Ways of the workers',
      subtitle: `${saySeed(drawn)}; rings: starts, dots: ends${picture === undefined ? '' : '; dark: low'}`
    },
    ...inLine,
    columns: columnsFor(drawn.length),
    concat: drawn.map(arm => panelOf(arm, reach, picture))
  })]
}

function panelOf ({ name, workers, trials: [first] }: RanArm, reach: number, picture: string | undefined): Record<string, unknown> {
  const paths = first!.result.paths!.map(path => path.filter(place => place.every(Number.isFinite)))
  const axis = (field: string) => ({ field, type: 'quantitative', title: null, scale: { domain: [-reach, reach], nice: false }, axis: { grid: false, tickCount: 5 } })
  const domain = Array.from({ length: workers }, (_, i) => i)
  const encoding = {
    x: axis('x'), y: axis('y'), color: { field: 'worker', type: 'nominal', legend: null, scale: { domain, range: domain.map(i => colors[(i + 1) % colors.length]!) } }
  }
  const places = (of: (path: number[][]) => number[] | undefined) => paths.flatMap((path, worker) => {
    const place = of(path)
    return place === undefined ? [] : [{ x: place[0]!, y: place[1]!, worker }]
  })
  return {
    title: panelTitle(name),
    width: side,
    height: side,
    layer: [
      ...(picture === undefined
        ? []
        : [{ data: { values: [{ x: 0, y: 0, picture }] }, mark: { type: 'image', width: side, height: side }, encoding: { x: axis('x'), y: axis('y'), url: { field: 'picture' } } }]),
      {
        data: { values: paths.flatMap((path, worker) => path.map(([x, y], order) => ({ x, y, worker, order }))) },
        mark: { type: 'line', strokeWidth: 1.8 },
        encoding: { ...encoding, order: { field: 'order' } }
      },
      { data: { values: places(path => path[0]) }, mark: { type: 'point', filled: false, size: 46, strokeWidth: 1.6, opacity: 1 }, encoding },
      { data: { values: places(path => path.at(-1)) }, mark: { type: 'point', filled: true, size: 46, opacity: 1, stroke: 'white', strokeWidth: 0.6 }, encoding }
    ]
  }
}

/** The landscape as a grey picture, -reach .. reach in both directions; undefined where only the trial knows it. */
function pictureOf (problem: Problem, reach: number): string | undefined {
  const lossAt = lossOf(problem)
  if (lossAt === undefined) return undefined
  const at = (pixel: number) => ((pixel + 0.5) / resolution * 2 - 1) * reach
  const losses = Float64Array.from({ length: resolution ** 2 }, (_, k) => lossAt(at(k % resolution), -at(Math.floor(k / resolution))))
  const sorted = [...losses].sort((a, b) => a - b)
  const [low, high] = [sorted[0]!, sorted[Math.floor(0.98 * sorted.length)]!] // peaks would make all else one grey
  const data = Uint8Array.from(losses, loss => Math.round(120 + 130 * Math.sqrt(Math.min(1, Math.max(0, (loss - low) / (high - low))))))
  return `data:image/png;base64,${Buffer.from(encode({ width: resolution, height: resolution, channels: 1, depth: 8, data })).toString('base64')}`
}

function lossOf (problem: Problem): ((x: number, y: number) => number) | undefined {
  switch (problem.type) {
    case 'sinc': return (x, y) => {
      const angle = Math.PI * Math.hypot(x, y)
      return angle === 0 ? 1 : Math.sin(angle) / angle
    }
    case 'double-well': return (x, y) => ((x * x - 1) ** 2 + (y * y - 1) ** 2) / 4 + problem.tilt * x
    default: return undefined
  }
}
