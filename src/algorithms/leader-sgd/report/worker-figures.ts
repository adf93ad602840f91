/** The workers one by one, and how far they are from each other. Pure. */
import type { Figure } from '../../contract.js'
import { colors, figure, inLine, panelTitle, thinned } from '../../kit/figure-parts.js'
import { armColors, bandOf, columnsFor, maxPoints, sayBand, saySeed, valueAxis } from './series.js'
import { curveOf, type RanArm } from './trials.js'

/** The loss by which workers lead, a line each, of the first seed; none without any. */
export function drawWorkers (arms: RanArm[]): Figure[] {
  const several = thinned(arms.filter(({ workers }) => workers > 1), 6)
  const shown = several.map(arm => ({ arm, values: lossesOf(arm) })).filter(({ values }) => values.length > 0)
  if (shown.length === 0) return []
  const y = valueAxis('loss', 'loss', shown.flatMap(({ values }) => values.map(({ loss }) => loss)))
  return [figure('workers', 'Loss of every worker', {
    title: { text: 'Loss of every worker', subtitle: `by which it may lead; ${saySeed(shown.map(({ arm }) => arm))}` },
    ...inLine,
    columns: columnsFor(shown.length),
    concat: shown.map(({ arm: { name, workers }, values }) => ({
      title: panelTitle(name),
      width: 280,
      height: 170,
      data: { values },
      mark: { type: 'line', strokeWidth: 1.3, opacity: 0.85 },
      encoding: {
        x: { field: 'step', type: 'quantitative', title: 'steps of a worker', axis: { grid: false, format: '~s', tickCount: 5 } },
        y,
        color: {
          field: 'worker',
          type: 'nominal',
          legend: null,
          scale: workerScale(workers)
        }
      }
    }))
  })]
}

/** A colour for each worker. */
function workerScale (workers: number): { domain: number[], range: string[] } {
  const domain = Array.from({ length: workers }, (_, i) => i)
  return { domain, range: domain.map(i => colors[i % colors.length]!) }
}

function lossesOf ({ workers, trials: [first] }: RanArm): { step: number, worker: number, loss: number }[] {
  return Array.from({ length: workers }, (_, worker) => {
    const { steps, values } = curveOf(first!, `workerLoss/${worker}`)
    return thinned(steps.map((step, i) => ({ step, worker, loss: values[i]! })), maxPoints)
  }).flat().filter(({ loss }) => Number.isFinite(loss))
}

/** Spread of the workers, and their distance from the leader; none without any. */
export function drawDistances (arms: RanArm[]): Figure[] {
  const several = arms.filter(({ workers }) => workers > 1)
  const panels = ([['spread', 'from their mean (root of mean square)'], ['leaderDistance', 'from the leader (mean)']] as const).flatMap(([metric, title]) => {
    const values = several.flatMap(({ name, trials }) =>
      bandOf(trials, trial => curveOf(trial, metric)).map(({ step, mean }) => ({ step, distance: mean, method: name })))
    if (values.length === 0) return []
    return [{
      title: panelTitle(title),
      width: 300,
      height: 200,
      data: { values },
      mark: { type: 'line', strokeWidth: 2 },
      encoding: {
        x: { field: 'step', type: 'quantitative', title: 'steps of a worker', axis: { grid: false, format: '~s', tickCount: 5 } },
        y: { field: 'distance', type: 'quantitative', title: 'distance', axis: { format: '~g' } },
        color: armColors(several)
      }
    }]
  })
  return panels.length === 0
    ? []
    : [figure('distances', 'Distance of the workers', {
        title: { text: 'Distance of the workers', subtitle: sayBand(several) }, ...inLine, columns: 2, concat: panels, resolve: { scale: { color: 'shared' } }
      })]
}
