/** Objective against the solver's steps: means of all arms beside each other, and each with its band. Pure. */
import type { Figure } from '../../contract.js'
import { figure, grey, inLine, panelTitle, thinned } from '../../kit/figure-parts.js'
import type { Compared } from './paired.js'
import { armChannels, colorOf, sayWhat } from './series.js'
import { meanCurve, meanFinal, objectiveOf, type CurvePoint, type RanArm } from './trials.js'

/** Points of a line, and arms with a panel of their own. */
const [maxPoints, maxPanels] = [150, 8]

/** Means of all arms, and the band of each; none where nothing was recorded on the way. */
export function drawCurves ({ arms, random }: Compared): Figure[] {
  const curves = arms.map(arm => ({ arm, curve: thinned(meanCurve(arm), maxPoints) })).filter(({ curve }) => curve.length > 1)
  // a reference makes no steps: it is a level
  const levels = arms.filter(arm => meanCurve(arm).length < 2)
  if (curves.length === 0) return []
  const { name, unit } = objectiveOf(arms)
  const beside = curves.find(({ arm }) => arm === random)
  const shown = thinned(curves.length === 1 ? curves : curves.filter(({ arm }) => arm !== random), maxPanels)
  return [
    figure('curves', 'Objective against the solver’s steps', {
      title: { text: `Mean ${name} against the solver’s steps`, subtitle: `${sayWhat(arms)}; with several starts that of the best so far` },
      width: 560,
      height: 320,
      layer: meanLayers(arms, curves, levels, `${name} (${unit})`)
    }),
    figure('bands', 'How objectives are spread on the way', {
      title: { text: `${name} (${unit}) against steps, from the 10th to the 90th percentile`, subtitle: `${sayWhat(arms)}; lines: means${beside === undefined ? '' : '; dashed: of random starts'}` },
      ...inLine,
      spacing: { row: 62, column: 48 },
      columns: Math.min(4, shown.length),
      concat: shown.map(({ arm, curve }) => bandPanel(arm, curve, beside?.curve, colorOf(arms, arm)))
    })
  ]
}

const x = { field: 'step', type: 'quantitative', title: 'steps', axis: { grid: false, tickMinStep: 1 }, scale: { nice: false } }

function meanLayers (
  arms: RanArm[], curves: { arm: RanArm, curve: CurvePoint[] }[], levels: RanArm[], title: string
): Record<string, unknown>[] {
  const last = Math.max(...curves.map(({ curve }) => curve.at(-1)!.step))
  const values = [
    ...curves.flatMap(({ arm, curve }) => curve.map(({ step, mean }) => ({ step, y: mean, arm: arm.name }))),
    ...levels.flatMap(arm => [0, last].map(step => ({ step, y: meanFinal(arm), arm: arm.name })))
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
