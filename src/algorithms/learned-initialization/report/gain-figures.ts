/** What arms gain on random starts: means, wins, how gains are spread, and how often the best basin is found. Pure. */
import type { Figure } from '../../contract.js'
import { figure, grey, inLine, panelTitle, thinned } from '../../kit/figure-parts.js'
import { predict } from '../families/synthetic/theory.js'
import type { InitializationSpec } from '../spec.js'
import type { Compared, Paired } from './paired.js'
import { colorOf, sayWhat } from './series.js'
import { meanFinal, objectiveOf, successOf, type RanArm } from './trials.js'

/** Bars of a histogram on each side of 0, and histograms. */
const [halfBars, maxHistograms] = [20, 8]

interface Dot { arm: string, color: string, y: number, low: number, high: number }

/** Mean gains with their intervals. */
export function drawGains (compared: Compared): Figure[] {
  const { arms, random } = compared
  const { name, unit } = objectiveOf(arms)
  const level = random === undefined ? NaN : Math.abs(meanFinal(random))
  const isPercent = level > 0 && unit !== '1'
  const scale = isPercent ? 100 / level : 1
  const dots = dotsOf(compared, ({ gain }) => gain).map(dot => ({ ...dot, y: scale * dot.y, low: scale * dot.low, high: scale * dot.high }))
  return dots.length === 0
    ? []
    : [figure('gains', 'What each initialiser gains on random starts', {
        title: { text: `Gain of the mean ${name} on random starts`, subtitle: `${sayWhat(arms)}; lines: 95 % over both` },
        ...dotChart(dots, isPercent ? `gain, % of ${toText(level)} ${unit}` : `gain (${unit})`, 0)
      })]
}

/** How often each is better than random starts. */
export function drawWins (compared: Compared): Figure[] {
  const dots = dotsOf(compared, ({ wins }) => wins)
  return dots.length === 0
    ? []
    : [figure('wins', 'How often each initialiser is better than random starts', {
        title: { text: 'Part of the instances on which it ends better than a random start', subtitle: `${sayWhat(compared.arms)}; equals count as one half; lines: 95 % over both` },
        ...dotChart(dots, 'wins', 0.5, { format: '.0%' }, [0, 1])
      })]
}

function dotsOf ({ arms, besideRandom }: Compared, of: (paired: Paired) => { mean: number, low: number, high: number }): Dot[] {
  return arms.flatMap(arm => {
    const paired = besideRandom.get(arm.name)
    if (paired === undefined) return []
    const { mean, low, high } = of(paired)
    return [{ arm: arm.name, color: colorOf(arms, arm), y: mean, low, high }]
  })
}

/** Dots with lines from low to high, beside a line at a level. */
function dotChart (values: Dot[], title: string, level: number, axis: object = {}, domain?: number[]): Record<string, unknown> {
  const y = { field: 'arm', type: 'nominal', title: null, sort: null, axis: { labelLimit: 240 } }
  const x = (field: string) => ({ field, type: 'quantitative', title, axis: { grid: true, tickCount: 6, ...axis }, ...(domain === undefined ? {} : { scale: { domain } }) })
  const color = { field: 'color', type: 'nominal', scale: null, legend: null }
  return {
    width: 420,
    height: { step: 26 },
    layer: [
      { data: { values: [{ x: level }] }, mark: { type: 'rule', color: grey, strokeWidth: 1.4 }, encoding: { x: { field: 'x', type: 'quantitative', title } } },
      { data: { values }, mark: { type: 'rule', strokeWidth: 2.4 }, encoding: { y, x: x('low'), x2: { field: 'high' }, color } },
      { data: { values }, mark: { type: 'point', filled: true, size: 70, opacity: 1 }, encoding: { y, x: x('y'), color } }
    ]
  }
}

/** How gains are spread over the instances: a panel for each arm, bars cut at 0. */
export function drawHistogram ({ arms, besideRandom }: Compared): Figure[] {
  const shown = thinned(arms.filter(({ name }) => besideRandom.has(name)), maxHistograms)
  const reach = percentile(shown.flatMap(({ name }) => besideRandom.get(name)!.gains.flat().map(Math.abs)), 0.98)
  if (!(reach > 0)) return []
  const { unit } = objectiveOf(arms)
  return [figure('histogram', 'Gains of single instances', {
    title: { text: 'Gains on a random start, instance by instance', subtitle: `${sayWhat(arms)}; the outermost bars have all beyond; no bar: equal within a millionth of the axis` },
    ...inLine,
    spacing: { row: 84, column: 50 },
    columns: Math.min(4, shown.length),
    concat: shown.map(arm => histogramPanel(arm, besideRandom.get(arm.name)!, reach, unit, colorOf(arms, arm)))
  })]
}

function histogramPanel ({ name }: RanArm, { gains }: Paired, reach: number, unit: string, color: string): Record<string, unknown> {
  const width = reach / halfBars
  const all = gains.flat()
  const counts = new Float64Array(2 * halfBars)
  for (const gain of all) {
    if (Math.abs(gain) <= 1e-6 * reach) continue
    const bar = Math.floor(gain / width)
    counts[Math.min(2 * halfBars - 1, Math.max(0, bar + halfBars))]! += 1 / all.length
  }
  const values = Array.from(counts, (part, i) => ({ from: (i - halfBars) * width, to: (i + 1 - halfBars) * width, part }))
  return {
    title: panelTitle(name),
    width: 170,
    height: 120,
    layer: [
      {
        data: { values },
        mark: { type: 'bar', color, binSpacing: 0.5 },
        encoding: {
          x: { field: 'from', bin: { binned: true }, type: 'quantitative', title: `gain (${unit})`, axis: { tickCount: 4, grid: false } },
          x2: { field: 'to' },
          y: { field: 'part', type: 'quantitative', title: null, axis: { format: '.0%', tickCount: 4 } }
        }
      },
      { data: { values: [{ x: 0 }] }, mark: { type: 'rule', color: grey }, encoding: { x: { field: 'x', type: 'quantitative' } } }
    ]
  }
}

/** Part of the instances in the best basin beside what closed forms say; none where nobody knows basins. */
export function drawSuccess ({ family }: InitializationSpec, { arms }: Compared): Figure[] {
  const dots = arms.flatMap(arm => {
    const seen = successOf(arm)
    if (seen === undefined) return []
    const { mean, low, high } = seen
    return [{ arm: arm.name, color: colorOf(arms, arm), y: mean, low, high, known: predict(family, arm.initialiser).success }]
  })
  if (dots.length === 0) return []
  const chart = dotChart(dots, 'instances that end in the best basin', 0, { format: '.0%' }, [0, 1])
  const told = dots.filter(({ known }) => known !== undefined)
  const ticks = {
    data: { values: told },
    mark: { type: 'tick', thickness: 2, size: 20, color: '#222' },
    encoding: { y: { field: 'arm', type: 'nominal', title: null, sort: null }, x: { field: 'known', type: 'quantitative' } }
  }
  return [figure('success', 'How often the best basin is found', {
    title: { text: 'Part of the instances that end in the best basin', subtitle: `${sayWhat(arms)}; ticks: what the closed form says; lines: binomial, 99 %` },
    ...chart,
    layer: [...chart.layer as unknown[], ...(told.length === 0 ? [] : [ticks])]
  })]
}

function percentile (values: number[], part: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.floor(part * (sorted.length - 1))] ?? 0
}

function toText (value: number): string {
  return String(Number(value.toPrecision(4)))
}
