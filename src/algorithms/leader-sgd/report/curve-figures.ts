/** Loss and test error of the final model against steps, samples and time, a line per method. Pure. */
import type { Figure } from '../../contract.js'
import { figure, inLine, type Field } from '../../kit/figure-parts.js'
import type { LeaderSpec } from '../spec.js'
import { armColors, bandOf, sayBand, valueAxis } from './series.js'
import { curveOf, finalCurve, valueAt, type Finished, type RanArm } from './trials.js'

/** What a curve is drawn against: its title, and where a step of one arm lies on it; undefined: nowhere. */
interface Against { title: string, place (arm: RanArm, step: number): number | undefined }

/** Draws loss or error of the final model against all that it can be drawn against. */
export function drawProgress (spec: LeaderSpec, arms: RanArm[], what: 'loss' | 'error'): Figure {
  const bands = arms.map(arm => ({ arm, points: bandOf(arm.trials, trial => finalCurve(trial, what)) }))
  const y = valueAxis('mean', what === 'error' ? 'test error' : 'loss', bands.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high])))
  const panels = axesOf(spec, arms).flatMap(({ title, place }) => {
    const values = bands.flatMap(({ arm, points }) => points.flatMap(point => {
      const x = place(arm, point.step)
      return x === undefined ? [] : [{ x, mean: point.mean, low: point.low, high: point.high, method: arm.name }]
    }))
    return values.length === 0 ? [] : [panelOf(values, xAxis(title, spec), y, arms)]
  })
  const title = what === 'error' ? 'Test error of the final model' : 'Loss of the final model'
  return figure(what, title, {
    title: { text: title, subtitle: sayBand(arms) }, ...inLine, columns: 2, concat: panels, resolve: { scale: { color: 'shared' } }
  })
}

/** Steps, samples where there are any, and time: simulated, or of the clock where every worker had a thread. */
function axesOf ({ execution }: LeaderSpec, arms: RanArm[]): Against[] {
  const timed = execution.type === 'simulated'
    ? { title: 'simulated time (mean steps)', metric: 'virtualTime' }
    : { title: 'seconds, methods with a thread for every worker', metric: 'seconds' }
  const hasThreads = ({ workers }: RanArm) => execution.type === 'simulated' || workers <= execution.threads
  return [
    { title: 'steps of a worker', place: (_, step) => step },
    ...(arms.some(({ trials }) => trials[0]!.result.batchSize !== null)
      ? [{ title: 'samples of all workers', place: (arm: RanArm, step: number) => step * arm.workers * (arm.trials[0]!.result.batchSize ?? 0) }]
      : []),
    { title: timed.title, place: (arm, step) => hasThreads(arm) ? meanAt(arm.trials, timed.metric, step) : undefined }
  ]
}

function meanAt (trials: readonly Finished[], metric: string, step: number): number | undefined {
  const values = trials.flatMap(trial => valueAt(curveOf(trial, metric), step) ?? [])
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
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
        ? [{ mark: { type: 'area', opacity: 0.15 }, encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: { ...color, legend: null } } }]
        : []),
      { mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color } }
    ]
  }
}
