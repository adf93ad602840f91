/** The figures of sweeps. Pure. */
import { meanOf } from '../../../math/mean.js'
import type { Figure } from '../../contract.js'
import { dashes, figure, grey, type Field } from '../../kit/figure-parts.js'
import { armColour, drawSpread } from '../arm-figures.js'
import type { SweptArm } from './arms.js'

const width = 520

/** All figures. */
export function drawSweeps (arms: SweptArm[]): Figure[] {
  return [drawBoundary(arms), drawBasins(arms)]
}

/** Costs of soft boundaries are dashed. */
const armDash = (arms: SweptArm[]): Field => ({
  field: 'series', type: 'nominal', title: null, scale: { domain: arms.map(({ name }) => name), range: arms.map(({ method: { ramp } }) => dashes[Number(ramp > 0)]) }
})

/** The first picture, and what a boundary in it costs by where it is. */
function drawBoundary (arms: SweptArm[]): Figure {
  const { pictures, curves } = arms[0]!.result
  const { levels } = curves[0]!
  const x = { field: 'x', type: 'quantitative', title: 'column, and position of the boundary (pixels)', scale: { domain: [0, levels.length], nice: false }, axis: { grid: false } }
  const untitled = { ...x, title: null }
  const truth = (encoding: object) => ({ data: { values: [{ x: pictures[0]!.edge }] }, mark: { type: 'rule', strokeDash: [4, 3], color: grey }, encoding })
  const costs = arms.flatMap(({ name, result }) => result.curves[0]!.costs.map((y, i) => ({ x: i + 1, y, series: name })))
  return figure('boundary', 'What a boundary costs by where it is', {
    title: { text: 'What a boundary costs by where it is', subtitle: 'first picture; upright dashes: the true boundary; dashed curves: soft boundaries' },
    spacing: 12,
    vconcat: [
      {
        width,
        height: 90,
        layer: [truth({ x: untitled }), {
          data: { values: levels.map((y, column) => ({ x: column + 0.5, y })) },
          mark: { type: 'line', interpolate: 'step', strokeWidth: 1.2, color: grey },
          encoding: { x: untitled, y: { field: 'y', type: 'quantitative', title: 'grey level', scale: { zero: false } } }
        }]
      },
      {
        width,
        height: 260,
        layer: [truth({ x }), {
          data: { values: costs },
          mark: { type: 'line', strokeWidth: 1.8 },
          encoding: { x, y: { field: 'y', type: 'quantitative', title: 'cost / mean cost' }, color: armColour(arms), strokeDash: armDash(arms) }
        }]
      }
    ]
  })
}

/** Every picture, and their mean. */
function drawBasins (arms: SweptArm[]): Figure {
  const values = arms.flatMap(({ name, result: { pictures } }) => pictures.map(({ basin }) => ({ series: name, basin })))
  const means = arms.map(({ name, result: { pictures } }) => ({ series: name, basin: meanOf(pictures.map(({ basin }) => basin)) }))
  return drawSpread(arms, {
    name: 'basins',
    title: 'Positions from which descent finds the true boundary',
    heading: { text: 'Positions from which descent finds the true boundary', subtitle: 'every picture, and their mean' },
    field: 'basin',
    axis: { title: 'positions from which descent ends at the true boundary' },
    format: '.1f',
    values,
    means
  })
}
