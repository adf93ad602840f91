/** Objective against the solver's steps: means of all arms beside each other, and each with its band. Pure. */
import type { Figure } from '../../contract.js'
import { figure, grey, inLine, panelTitle, thinned } from '../../kit/figure-parts.js'
import type { Compared } from './paired.js'
import { armChannels, colorOf, sayWhat } from './series.js'
import { meanCurve, objectiveOf, type CurvePoint, type RanArm } from './trials.js'

/** Points of a line, and arms with a panel of their own. */
const [maxPoints, maxPanels] = [150, 8]

/** One picture; none where nothing was recorded on the way. */
export function drawCurves ({ arms, random }: Compared): Figure[] {
  const curves = arms.map(arm => ({ arm, curve: thinned(meanCurve(arm), maxPoints) })).filter(({ curve }) => curve.length > 1)
  // a reference makes no steps: it is a level
  const levels = arms.filter(arm => meanCurve(arm).length === 1)
  if (curves.length === 0) return []
  const { name, unit } = objectiveOf(arms)
  const title = `${name} (${unit})`
  const beside = curves.find(({ arm }) => arm === random)
  const shown = thinned(curves.filter(({ arm }) => arm !== random), maxPanels)
  const band = shown.length === 0 ? curves : shown
  return [figure('curves', 'Objective against the solver’s steps', {
    title: { text: `Mean ${name} against the solver’s steps`, subtitle: `${sayWhat(arms)}; below: the band from the 10th to the 90th percentile of the instances${beside === undefined ? '' : ', grey: random starts'}` },
    ...inLine,
    spacing: { row: 60, column: 60 },
    columns: 1,
    concat: [
      { width: 560, height: 300, layer: meanLayers(arms, curves, levels, title) },
      { columns: 4, ...inLine, spacing: { row: 56, column: 48 }, concat: band.map(({ arm, curve }) => bandPanel(arm, curve, beside?.curve, colorOf(arms, arm))) }
    ],
    resolve: { scale: { color: 'independent' } }
  })]
}

const x = { field: 'step', type: 'quantitative', title: 'steps', axis: { grid: false, tickMinStep: 1 }, scale: { nice: false } }

function meanLayers (arms: RanArm[], curves: { arm: RanArm, curve: CurvePoint[] }[], levels: RanArm[], title: string): Record<string, unknown>[] {
  const last = Math.max(...curves.map(({ curve }) => curve.at(-1)!.step))
  const values = [
    ...curves.flatMap(({ arm, curve }) => curve.map(({ step, mean }) => ({ step, y: mean, arm: arm.name }))),
    ...levels.flatMap(arm => [0, last].map(step => ({ step, y: meanCurve(arm)[0]!.mean, arm: arm.name })))
  ]
  const shown = arms.filter(arm => values.some(row => row.arm === arm.name))
  return [{ data: { values }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y: { field: 'y', type: 'quantitative', title, scale: { zero: false } }, ...armChannels(arms, shown) } }]
}

function bandPanel ({ name }: RanArm, curve: CurvePoint[], beside: CurvePoint[] | undefined, color: string): Record<string, unknown> {
  const y = { type: 'quantitative', title: null, scale: { zero: false }, axis: { tickCount: 4 } }
  return {
    title: panelTitle(name),
    width: 170,
    height: 120,
    layer: [
      { data: { values: curve }, mark: { type: 'area', opacity: 0.18, color }, encoding: { x: { ...x, title: null }, y: { ...y, field: 'low' }, y2: { field: 'high' } } },
      ...(beside === undefined ? [] : [{ data: { values: beside }, mark: { type: 'line', strokeWidth: 1.6, strokeDash: [4, 3], color: grey }, encoding: { x: { ...x, title: null }, y: { ...y, field: 'mean' } } }]),
      { data: { values: curve }, mark: { type: 'line', strokeWidth: 2, color }, encoding: { x: { ...x, title: null }, y: { ...y, field: 'mean' } } }
    ]
  }
}
