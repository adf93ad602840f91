/** Heat maps, error curves and losses over steps. Pure. */
import type { Figure } from '../../contract.js'
import type { Arm, Finished } from './arms.js'
import { armScale, columnsFor, figure, logAxis, sayFirstSeed, thin, zeroAt } from './figure-parts.js'
import type { ResultBand } from '../result.js'
import type { FrequencyPrincipleSpec } from '../spec.js'

/** Errors beyond these have the colour of the end, as in the published code. */
const clip = { min: 0.1, max: 1 }
const errorRange = { min: 1e-4, max: 10 }

/** The paper's picture: a row per band, a column per record, one panel per optimizer; a mark where the band was learned. */
export function drawHeatMaps (spec: FrequencyPrincipleSpec, arms: Arm[]): Figure {
  const rows = arms[0]!.trials[0]!.result.bands.length
  const height = Math.max(90, Math.min(300, 30 * rows))
  return figure('heat-maps', 'Relative error per frequency band over the steps', {
    title: {
      text: 'Relative error of each frequency band over the steps',
      subtitle: [
        `${sayFirstSeed(arms)}; the mark says when the error stays below ${spec.spectrum.threshold}, the triangle at the end that it does not`,
        `colours end at ${clip.min} and ${clip.max}${hasNoise(arms) ? '; (noise): no more than shuffled labels have' : ''}`
      ]
    },
    columns: columnsFor(arms.length),
    spacing: { row: 24, column: 28 },
    concat: arms.map(arm => heatMap(arm, height)),
    resolve: { scale: { color: 'shared' } }
  })
}

function heatMap ({ name, trials }: Arm, height: number): Record<string, unknown> {
  const { bands, history: { steps, errors }, learned } = trials[0]!.result
  const last = steps.at(-1)!
  const end = last * 1.08 + 1
  const cells = steps.flatMap((step, r) => bands.map((band, b) => ({
    from: Math.max(zeroAt, step),
    to: overlap(steps[r + 1]) ?? end,
    band: rowOf(band),
    error: Math.min(clip.max, Math.max(clip.min, errors[r]![b]!))
  })))
  const marks = bands.flatMap((band, b) => learned[b] ? [{ from: Math.max(zeroAt, learned[b].step), band: rowOf(band) }] : [])
  const never = bands.flatMap((band, b) => learned[b] ? [] : [{ from: end, band: rowOf(band) }])
  const y = {
    field: 'band',
    type: 'ordinal',
    title: axisTitle(trials[0]!),
    sort: bands.map(rowOf).reverse(),
    scale: { padding: 0 },
    axis: { domain: false, ticks: false }
  }
  const x = logAxis('from', 'step', end)
  const color = {
    field: 'error',
    type: 'quantitative',
    scale: { scheme: 'redblue', domain: [clip.min, clip.max] },
    legend: { title: 'relative error', values: [0.1, 0.4, 0.7, 1], gradientLength: Math.max(90, height), format: '.1f' }
  }
  return {
    title: { text: name, fontSize: 12, offset: 6 },
    width: 230,
    height,
    layer: [
      { data: { values: cells }, mark: { type: 'rect', strokeWidth: 0, clip: true }, encoding: { x, x2: { field: 'to' }, y, color } },
      { data: { values: marks }, mark: { type: 'tick', thickness: 2.5, color: '#111', clip: true }, encoding: { x, y } },
      {
        data: { values: never },
        mark: { type: 'point', shape: 'triangle-right', filled: true, size: 70, color: 'white', stroke: '#111', strokeWidth: 1, opacity: 1, xOffset: -7 },
        encoding: { x, y }
      }
    ]
  }
}

/** What a row of the heat map is called. */
function rowOf ({ label, isNoise }: ResultBand): string {
  return isNoise ? `${label} (noise)` : label
}

function hasNoise (arms: Arm[]): boolean {
  return arms.some(({ trials }) => trials.some(({ result }) => result.bands.some(({ isNoise }) => isNoise)))
}

/** Cells reach a little under the next one: drawn edge to edge they leave seams. */
function overlap (next: number | undefined): number | undefined {
  return next === undefined ? undefined : 1.03 * next
}

function axisTitle ({ result: { bands, picture } }: Finished): string {
  if (picture !== null) return 'radius (cycles per picture)'
  return bands.every(({ group }) => group === 'frequency') ? 'frequency' : 'band'
}

/** Error per band against the step, every seed; one panel per optimizer. */
export function drawErrors ({ spectrum: { threshold } }: FrequencyPrincipleSpec, arms: Arm[]): Figure {
  const { bands } = arms[0]!.trials[0]!.result
  const seeds = Math.max(...arms.map(({ trials }) => trials.length))
  const all = arms.flatMap(({ trials }) => trials.flatMap(({ result }) => result.history.errors.flat()))
  const low = all.reduce((min, error) => Math.min(min, error), threshold / 2)
  const high = all.reduce((max, error) => Math.max(max, error), 1.2)
  const hasNulls = bands.some(({ constant }) => constant !== undefined)
  const y = {
    field: 'error',
    type: 'quantitative',
    title: 'relative error',
    scale: { type: 'log', domain: [Math.max(errorRange.min, low), Math.min(errorRange.max, high)], nice: false },
    axis: { values: [1e-4, 1e-3, 0.01, 0.1, 1, 10], format: '~g' }
  }
  return figure('errors', 'Error curves per frequency band', {
    title: {
      text: 'Relative error of each frequency band',
      subtitle: `${seeds === 1 ? sayFirstSeed(arms) : `${seeds} seeds, the first one strong`}; dashed: learned below ${threshold}${hasNulls ? '; grey: a constant predictor; thin and dotted: no more than shuffled labels have' : ''}`
    },
    columns: columnsFor(arms.length),
    spacing: { row: 24, column: 28 },
    concat: arms.map(({ name, trials }) => {
      const last = Math.max(...trials.map(({ result }) => result.history.steps.at(-1)!))
      const lines = trials.flatMap(({ definition: { seed }, result: { history, bands: own } }, t) =>
        history.steps.flatMap((step, r) => own.map(({ label, isNoise = false }, b) => {
          const error = Math.min(errorRange.max, Math.max(errorRange.min, history.errors[r]![b]!))
          return { step: Math.max(zeroAt, step), error, band: label, seed, first: t === 0, isNoise }
        })))
      return {
        title: { text: name, fontSize: 12, offset: 6 },
        width: 230,
        height: 160,
        layer: [
          {
            data: { values: [{ tau: threshold }] },
            mark: { type: 'rule', strokeDash: [4, 3], color: '#777' },
            encoding: { y: { field: 'tau', type: 'quantitative' } }
          },
          ...(hasNulls
            ? [{
                data: { values: [{ constant: Math.max(...bands.map(({ constant = 1 }) => constant)) }] },
                mark: { type: 'rule', strokeWidth: 3, color: '#bbb' },
                encoding: { y: { field: 'constant', type: 'quantitative' } }
              }]
            : []),
          {
            data: { values: lines },
            mark: { type: 'line', clip: true },
            encoding: {
              x: logAxis('step', 'step', last),
              y,
              color: {
                field: 'band',
                type: 'ordinal',
                title: axisTitle(trials[0]!),
                sort: bands.map(({ label }) => label),
                scale: { scheme: 'plasma', domain: bands.map(({ label }) => label) },
                legend: { symbolType: 'stroke' }
              },
              opacity: { condition: { test: 'datum.first', value: 1 }, value: 0.35 },
              strokeWidth: { condition: { test: 'datum.first && !datum.isNoise', value: 1.8 }, value: 1 },
              strokeDash: { condition: { test: 'datum.isNoise', value: [1, 3] }, value: [1, 0] },
              detail: { field: 'seed' }
            }
          }
        ]
      }
    }),
    resolve: { scale: { y: 'shared', color: 'shared' } }
  })
}

/** Loss against steps, and against evaluations: a step is other work for each method. */
export function drawLosses (arms: Arm[]): Figure {
  const values = arms.flatMap(({ name, trials }) => trials.flatMap(({ definition, result: { history } }) =>
    thin(history.steps.map((_, r) => r), 200).map(r => ({
      optimizer: name,
      seed: definition.seed,
      step: Math.max(zeroAt, history.steps[r]!),
      evaluations: Math.max(1, history.evaluations[r]!),
      loss: Math.max(1e-12, history.losses[r]!)
    }))))
  const color = { field: 'optimizer', type: 'nominal', title: null, scale: armScale(arms), legend: { symbolType: 'stroke' } }
  const y = { field: 'loss', type: 'quantitative', title: 'loss', scale: { type: 'log', nice: false }, axis: { format: '~g', tickCount: 5, grid: true } }
  const panel = (x: Record<string, unknown>) =>
    ({ width: 290, height: 230, mark: { type: 'line', strokeWidth: 1.4, opacity: 0.85 }, encoding: { x, y, color, detail: { field: 'seed' } } })
  const max = (field: 'step' | 'evaluations') => Math.max(...values.map(value => value[field]))
  return figure('losses', 'Loss over steps and over evaluations', {
    title: { text: 'Loss over steps and over evaluations', subtitle: 'a line per seed; evaluations of the loss and of its gradient both count' },
    data: { values },
    spacing: 28,
    hconcat: [panel(logAxis('step', 'step', max('step'))), panel(logAxis('evaluations', 'evaluations', max('evaluations'), 1))],
    resolve: { scale: { color: 'shared' } }
  })
}
