/** Who led when, and how often: a strip and bars for every arm of LSGD. Pure. */
import type { Figure } from '../../contract.js'
import { colors, figure, panelTitle, thinned } from '../../kit/figure-parts.js'
import { sayBand, saySeed } from './series.js'
import { ofType, type RanArm } from './trials.js'

/** The figure; none without leaders among several workers. */
export function drawLeaders (arms: RanArm[]): Figure[] {
  const led = ofType(arms, 'lsgd').filter(({ workers, trials }) => workers > 1 && trials[0]!.result.leaders.length > 0)
  if (led.length === 0) return []
  return [figure('leaders', 'Leader after every exchange', {
    title: { text: 'Leader after every exchange', subtitle: `left: ${saySeed(led)}; right: exchanges led, ${sayBand(led)}` },
    spacing: 24,
    vconcat: thinned(led, 4).map(rowOf),
    resolve: { scale: { color: 'shared' } }
  })]
}

function rowOf ({ name, workers, trials }: RanArm): Record<string, unknown> {
  const strip = spansOf(trials[0]!.result.leaders)
  const counts = Array.from({ length: workers }, (_, worker) =>
    ({ worker, led: trials.reduce((sum, { result }) => sum + result.workers[worker]!.led, 0) / trials.length }))
  const domain = counts.map(({ worker }) => worker)
  const y = { field: 'worker', type: 'ordinal', title: 'worker', sort: domain, scale: { domain } }
  const color = { field: 'worker', type: 'nominal', legend: null, scale: { domain, range: domain.map(i => colors[i % colors.length]!) } }
  const height = 18 * workers
  return {
    spacing: 14,
    hconcat: [
      {
        title: panelTitle(name),
        width: 440,
        height,
        data: { values: strip },
        mark: { type: 'rect' },
        encoding: {
          x: { field: 'step', type: 'quantitative', title: 'steps of a worker', scale: { nice: false }, axis: { grid: false, format: '~s' } },
          x2: { field: 'until' },
          y: { ...y, axis: { grid: false } },
          color
        }
      },
      {
        width: 140,
        height,
        data: { values: counts },
        mark: { type: 'bar' },
        encoding: { x: { field: 'led', type: 'quantitative', title: 'exchanges led', axis: { tickCount: 4, grid: false } }, y: { ...y, axis: null }, color }
      }
    ]
  }
}

/** Exchanges one after the other with the same leader are one span. */
function spansOf (leaders: readonly number[][]): { step: number, until: number, worker: number }[] {
  const spans: { step: number, until: number, worker: number }[] = []
  leaders.forEach(([step, worker], i) => {
    const before = leaders[i - 1]?.[0] ?? 0
    const until = leaders[i + 1]?.[0] ?? step! + (step! - before)
    const last = spans.at(-1)
    if (last?.worker === worker) last!.until = until
    else spans.push({ step: step!, until, worker: worker! })
  })
  return spans
}
