/** Loss and test error of the final model against steps, samples and time, a line per method. Pure. */
import type { Figure } from '../../contract.js'
import { figure, inLine, type Field } from '../../kit/figure-parts.js'
import type { LeaderSpec } from '../spec.js'
import { armColors, bandOf, isWide, sayBand, valueAxis } from './series.js'
import { curveOf, finalCurve, valueAt, type Finished, type RanArm } from './trials.js'
import { meanOf } from '../../../math/mean.js'

/** What a curve is drawn against: its title, and where a step of one arm lies on it; undefined: nowhere. */
interface Against { title: string, place (arm: RanArm, step: number): number | undefined }

/** Draws loss or error of the final model against all that it can be drawn against. */
export function drawProgress (spec: LeaderSpec, arms: RanArm[], what: 'loss' | 'error'): Figure {
  const bands = arms.map(arm => ({ arm, points: bandOf(arm.trials, trial => finalCurve(trial, what)) }))
  const all = bands.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high]))
  const line = isWide(all) ? 'middle' : 'mean'
  const y = valueAxis(line, what === 'error' ? 'test error' : 'loss', all)
  const panels = axesOf(spec, arms).flatMap(({ title, place }) => {
    const values = bands.flatMap(({ arm, points }) => points.flatMap(({ step, ...point }) => {
      const x = place(arm, step)
      return x === undefined ? [] : [{ x, step, [line]: point[line], low: point.low, high: point.high, method: arm.name }]
    }))
    // Without uneven speeds and without costs, time is steps again.
    const isNew = title === inSteps || values.some(({ x, step }) => x !== step)
    return values.length > 0 && isNew ? [panelOf(values, xAxis(title, spec), y, arms)] : []
  })
  const title = what === 'error' ? 'Test error of the final model' : 'Loss of the final model'
  const shown = `${sayBand(arms, isWide(all) ? 'geometric mean' : 'mean')}${arms.some(({ trials }) => trials.length > 1) ? '; the band goes from the lowest to the highest one' : ''}`
  return figure(what, title, { title: { text: title, subtitle: shown }, ...inLine, columns: 2, concat: panels, resolve: { scale: { color: 'shared' } } })
}

const inSteps = 'steps of a worker'

/** Steps, samples where there are any, and time: simulated, or of the clock where every worker had a thread. */
function axesOf ({ execution }: LeaderSpec, arms: RanArm[]): Against[] {
  const timed = execution.type === 'simulated'
    ? { title: 'simulated time (mean steps)', metric: 'virtualTime' }
    : { title: 'seconds, methods with a thread for every worker', metric: 'seconds' }
  const hasThreads = ({ workers }: RanArm) => execution.type === 'simulated' || workers <= execution.threads
  return [
    { title: inSteps, place: (_, step) => step },
    ...(arms.some(({ trials }) => trials[0]!.result.batchSize !== null)
      ? [{ title: 'samples of all workers', place: (arm: RanArm, step: number) => step * arm.workers * (arm.trials[0]!.result.batchSize ?? 0) }]
      : []),
    { title: timed.title, place: (arm, step) => hasThreads(arm) ? meanAt(arm.trials, timed.metric, step) : undefined }
  ]
}

function meanAt (trials: readonly Finished[], metric: string, step: number): number | undefined {
  const values = trials.flatMap(trial => valueAt(curveOf(trial, metric), step) ?? [])
  return values.length === 0 ? undefined : meanOf(values)
}

/** Rates ~ 1 / k are looked at over logarithms. */
function xAxis (title: string, { schedule }: LeaderSpec): Field {
  const log = schedule.type === 'inverse' ? { scale: { type: 'symlog' } } : {}
  return { field: 'x', type: 'quantitative', title, axis: { grid: false, format: '~s', tickCount: 5, labelOverlap: true }, ...log }
}

function panelOf (values: Record<string, unknown>[], x: Field, y: Field, arms: RanArm[]): Record<string, unknown> {
  const color = armColors(arms)
  return {
    width: 300,
    height: 220,
    data: { values },
    layer: [
      ...(arms.some(({ trials }) => trials.length > 1)
        ? [{ mark: { type: 'area', opacity: 0.15 }, encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color } }]
        : []),
      { mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color } }
    ]
  }
}
