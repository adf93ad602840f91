/** Direction error, margins and norm against the steps, a line per training. Pure. */
import type { Figure } from '../../contract.js'
import { colors, figure, inLine, logValues, panelTitle } from '../../kit/figure-parts.js'
import type { LinearResult } from '../result.js'
import { armChannels, rowsOf, saySeeds, stepAxis, type Place } from './series.js'
import { isPromised, type CurvePoint, type Found, type LinearArm } from './trials.js'

/** An error of 0 has no place on a logarithmic axis: this is below what Float64 leaves of a direction. */
const least = 1e-12

type Row = Place & { training: string }

/** Distance of the direction from its limit. Tuned trainings have a point per horizon, each a training of its own. */
export function drawDirection (arms: LinearArm[]): Figure[] {
  const shown = arms.filter(isPromised)
  if (shown.length === 0) return []
  const values = positive(rowsOf(shown, linesOf(({ directionError }) => directionError)))
  return [figure('direction', 'Direction error against the steps', {
    title: { text: 'Distance of w / |w| from its limit', subtitle: `${saySeeds(shown)}${shown.some(isTuned) ? '; rings: a training of its own for every horizon, its radius tuned to it' : ''}` },
    width: 460,
    height: 300,
    layer: layersOf(values, shown, 'direction error')
  })]
}

/** What margins lack of the largest ones, by both norms. */
export function drawMargins (arms: LinearArm[]): Figure[] {
  const shown = arms.filter(isPromised)
  const panels = ([
    ['l2 margin', 'largest l2 margin - that of w', ({ margin }: CurvePoint, { clean }: LinearResult) => (clean?.margin ?? NaN) - margin],
    ['mixed-norm margin', 'largest mixed margin - that of w', mixedGap]
  ] as const).flatMap(([title, y, of]) => {
    const values = positive(rowsOf(shown, linesOf(of)))
    return values.length === 0 ? [] : [{ title: panelTitle(title), width: 300, height: 230, layer: layersOf(values, shown, y) }]
  })
  return panels.length === 0
    ? []
    : [figure('margins', 'What margins lack of the largest', {
        title: { text: 'What margins of w / |w| lack of the largest', subtitle: saySeeds(shown) }, ...inLine, columns: 2, concat: panels, resolve: { scale: { color: 'shared', ...(shown.length > colors.length ? { strokeDash: 'shared' } : {}) } }
      })]
}

/** The largest mixed margin is known at the radius of the longest training alone. */
function mixedGap ({ mixedMargin, radius }: CurvePoint, { mixed, curve }: LinearResult): number {
  return mixed === null || radius !== curve.at(-1)!.radius ? NaN : mixed.margin - mixedMargin
}

/** Length of the weights: grows as log T, comes to rest where the radius is gamma_q or more. */
export function drawNorm (arms: LinearArm[]): Figure {
  const values = rowsOf(arms, linesOf(({ norm }) => norm))
  return figure('norm', 'Growth of the norm', {
    title: { text: 'Growth of |w|', subtitle: `${saySeeds(arms)}; a straight line grows as log T` },
    width: 460,
    height: 260,
    layer: layersOf(values, arms, '|w|', false)
  })
}

/** Lines over the steps, with rings where each point is a training of its own. */
function layersOf (values: Row[], arms: readonly LinearArm[], title: string, isLog = true): Record<string, unknown>[] {
  const x = stepAxis(values.map(({ x }) => x))
  const y = isLog ? logValues('y', title, values.map(({ y }) => y)) : { field: 'y', type: 'quantitative', title }
  const tuned = new Set(arms.filter(isTuned).map(({ name }) => name))
  const { color, ...dashed } = armChannels(arms)
  const encoding = { x, y, color, ...dashed }
  const rings = values.filter(({ training }) => tuned.has(training))
  return [
    { data: { values }, mark: { type: 'line', strokeWidth: 2 }, encoding },
    ...(rings.length === 0 ? [] : [{ data: { values: rings }, mark: { type: 'point', filled: false, size: 44, strokeWidth: 1.8, opacity: 1 }, encoding: { x, y, color } }])
  ]
}

function isTuned ({ radius }: LinearArm): boolean {
  return radius.type === 'tuned'
}

function linesOf (of: (point: CurvePoint, result: LinearResult) => number): (trial: Found<LinearResult>) => Place[] {
  return ({ of: result }) => result.curve.map(point => ({ x: point.step, y: of(point, result) }))
}

function positive (values: Row[]): Row[] {
  return values.filter(({ y }) => y > least)
}
