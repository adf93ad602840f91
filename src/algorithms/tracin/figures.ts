/** The pictures of a tracin report as Vega-Lite, data inside, and the trial's own contact sheet. Pure; src/figures/draw.ts draws them. */
import type { Figure } from '../contract.js'
import { explainedSheetName } from './explained/sheet.js'
import { methodTitles, type MethodName } from './methods.js'
import { bestBaseline, comparedMethods, percent, type Finished } from './predictions/compare.js'
import { rankingSheetName } from './ranking-sheet.js'
import { scoredBy } from './sheet-parts.js'
import { sheetName } from './sheet.js'
import type { NoiseKind, TracinResult } from './spec.js'
import { copiesSheetName } from './triage/copies-sheet.js'

const schema = 'https://vega.github.io/schema/vega-lite/v6.json'
const orange = '#e4572e'
const blue = '#2e6fae'

const methodColors: Record<MethodName, string> = {
  'tracin-last': orange,
  'tracin-all': '#8a4fbf',
  'mean-loss': blue,
  el2n: '#1b9e77',
  margin: '#a6761d',
  loss: '#66a0d8',
  'gradient-norm': '#e7298a',
  'confident-learning': '#7fbf3f',
  'influence-function': '#d9a400',
  representer: '#4b4b8f',
  random: '#9a9a9a'
}

/** What the trials of a report had before them. */
export interface Setting {
  /** what was done to the labels */
  noise: NoiseKind
  /** the method that the verdict is about */
  main: MethodName
  /** of a target of values, not of classes */
  isOfValues: boolean
  /** of the values, where all have the same */
  unit: string | undefined
}

/** All figures that the finished trials allow; at least one must have a result. */
export function drawFigures (setting: Setting, trials: Finished[]): Figure[] {
  const first = trials[0]!
  return [
    ...(first.result.methods.length > 0 ? [foundCurves(setting, trials)] : []),
    learningCurves(setting, trials),
    selfInfluenceHistogram(first),
    ...contactSheet(first),
    ...explainedSheet(first),
    ...copiesSheet(first)
  ]
}

/**
 * Fraction of the wrong labels found against the share of examples checked: mean over seeds of every order, that of the verdict
 * and the best baseline strong, with every seed thin; best possible and chance.
 */
function foundCurves ({ noise, main }: Setting, trials: Finished[]): Figure {
  const names = comparedMethods(trials)
  const strong = [main, bestBaseline(trials, 'found10')]
  const curveOf = ({ result }: Finished, name: MethodName) => result.methods.find(method => method.name === name)!.curve
  const perSeed = trials.flatMap(trial => names.filter(name => strong.includes(name)).flatMap(name => curveOf(trial, name)
    .map(([checked, found]) => ({ checked, found, method: methodTitles[name], seed: trial.definition.seed }))))
  const meanFound = (name: MethodName, i: number) => trials.reduce((sum, trial) => sum + curveOf(trial, name)[i]![1]!, 0) / trials.length
  const means = (some: readonly MethodName[]) => some.flatMap(name => curveOf(trials[0]!, name)
    .map(([checked], i) => ({ checked, found: meanFound(name, i), method: methodTitles[name] })))
  const fraction = trials[0]!.result.flipped.length / trials[0]!.result.trainExamples
  const bounds = [
    ...[[0, 0], [fraction, 1], [1, 1]].map(([checked, found]) => ({ checked, found, bound: 'best possible' })),
    ...[[0, 0], [1, 1]].map(([checked, found]) => ({ checked, found, bound: 'chance' }))
  ]
  const x = {
    field: 'checked', type: 'quantitative', title: 'training examples checked', scale: { domain: [0, 0.5] }, axis: { format: '%', tickCount: 6 }
  }
  const y = {
    field: 'found', type: 'quantitative', title: 'wrong labels found', scale: { domain: [0, 1] }, axis: { format: '%' }
  }
  const color = {
    field: 'method',
    type: 'nominal',
    title: null,
    legend: { orient: 'right' },
    scale: { domain: names.map(name => methodTitles[name]), range: names.map(name => methodColors[name]) }
  }
  const seeds = trials.length === 1 ? `seed ${trials[0]!.definition.seed}` : `mean of ${trials.length} seeds, each seed dotted`
  const strokeDash = {
    field: 'bound', type: 'nominal', title: null, scale: { domain: ['best possible', 'chance'], range: [[6, 4], [1.5, 3]] }
  }
  const lines = (values: object[], mark: object, encoding: object = {}) =>
    ({ data: { values }, mark: { type: 'line', clip: true, ...mark }, encoding: { x, y, color, ...encoding } })
  return figure('fraction-found', 'Wrong labels found by checking the most suspicious examples first', {
    title: {
      text: 'Wrong labels found, most suspicious examples first',
      subtitle: `${noise} wrong labels, ${percent(fraction)} of ${trials[0]!.result.trainExamples} examples; ${seeds}`
    },
    width: 460,
    height: 300,
    layer: [
      {
        data: { values: bounds },
        mark: { type: 'line', clip: true, strokeWidth: 1.2, color: '#555' },
        encoding: { x, y, strokeDash }
      },
      lines(means(names.filter(name => !strong.includes(name))), { strokeWidth: 1.1, opacity: 0.8 }),
      ...(trials.length === 1 ? [] : [lines(perSeed, { strokeWidth: 0.7, opacity: 0.4, strokeDash: [2, 2] }, { detail: { field: 'seed' } })]),
      lines(means(names.filter(name => strong.includes(name))), { strokeWidth: 2.6 })
    ]
  })
}

/** Loss, and accuracy or error, against the epoch, one line per seed. */
function learningCurves ({ isOfValues, unit }: Setting, trials: Finished[]): Figure {
  const panel = (title: string, format: string, scale: object, series: [string, string][]) => ({
    width: 300,
    height: 220,
    title: { text: title, fontSize: 12, offset: 6 },
    data: {
      values: trials.flatMap(({ definition, result, metrics }) => series.flatMap(([name, label]) =>
        thin(metrics[name]).map(([step, value]) =>
          ({ epoch: step / stepsPerEpoch(result), value, series: label, seed: definition.seed }))))
    },
    mark: { type: 'line', strokeWidth: trials.length === 1 ? 2 : 1.2 },
    encoding: {
      x: { field: 'epoch', type: 'quantitative', title: 'epoch' },
      y: { field: 'value', type: 'quantitative', title: null, axis: { format }, scale },
      color: {
        field: 'series',
        type: 'nominal',
        title: null,
        legend: { orient: 'bottom' },
        scale: { domain: series.map(([, label]) => label), range: [orange, blue] }
      },
      detail: { field: 'seed' }
    }
  })
  return figure('learning', `Loss and ${isOfValues ? 'error' : 'accuracy'} over the training`, {
    hconcat: [
      panel('Loss (log scale)', '~g', { type: 'log', nice: false }, [['trainLoss', 'training'], ['testLoss', 'test']]),
      isOfValues
        ? panel(`Root mean squared error${unit === undefined ? '' : ` (${unit})`}`, '~s', { zero: false }, [['trainError', 'training'], ['testError', 'test']])
        : panel('Accuracy', '%', { zero: false }, [['trainAccuracy', 'training'], ['testAccuracy', 'test']])
    ]
  })
}

/** Where clean and flipped examples lie in self-influence; each group sums to 1. */
function selfInfluenceHistogram ({ definition, result }: Finished): Figure {
  const { edges, clean, flipped } = result.histogram
  const groups: [string, number[]][] = [
    ['own label', clean],
    ...(result.flipped.length > 0 ? [['wrong label', flipped] as [string, number[]]] : [])
  ]
  const values = groups.flatMap(([group, counts]) => {
    const all = counts.reduce((sum, count) => sum + count, 0)
    return counts.map((count, i) => ({ from: edges[i]!, to: edges[i + 1]!, part: all > 0 ? count / all : 0, group }))
  })
  return figure('self-influence', 'Self-influence of examples with their own and with wrong labels', {
    title: {
      text: 'Self-influence of the training examples',
      subtitle: `${scoredBy(result)}; each group sums to 100 %; seed ${definition.seed}`
    },
    width: 460,
    height: 220,
    data: { values },
    mark: { type: 'bar', opacity: 0.65, binSpacing: 0 },
    encoding: {
      x: {
        field: 'from', type: 'quantitative', bin: 'binned', title: 'log10 of self-influence', axis: { format: '.1f', tickCount: 8 }
      },
      x2: { field: 'to' },
      y: { field: 'part', type: 'quantitative', stack: null, title: 'part of the group', axis: { format: '%' } },
      color: {
        field: 'group', type: 'nominal', title: null, scale: { domain: groups.map(([group]) => group), range: [blue, orange] }
      }
    }
  })
}

/** Test examples beside those that shaped how they are read (explained/sheet.ts). */
function explainedSheet ({ id, result: { explainedSheet: step } }: Finished): Figure[] {
  if (step === undefined) return []
  return [{ name: explainedSheetName, title: 'Test examples with their proponents and opponents', artifact: { trial: id, name: explainedSheetName, step } }]
}

/** The most self-influential examples as pictures (sheet.ts), as rows or as texts (ranking-sheet.ts). */
function contactSheet ({ id, result }: Finished): Figure[] {
  if (result.rankingSheet !== undefined) {
    return [{ name: rankingSheetName, title: 'The most self-influential examples', artifact: { trial: id, name: rankingSheetName, step: result.rankingSheet } }]
  }
  const named = { name: sheetName, title: 'The most self-influential examples' }
  if (result.contactSheet !== undefined) return [{ ...named, artifact: { trial: id, name: sheetName, step: result.contactSheet } }]
  const shown = result.ranking.filter(hasPicture)
  return shown.length === 0 ? [] : [figure(named.name, named.title, drawStored(shown, new Set(result.flipped)))]
}

/** Copies side by side (triage/copies-sheet.ts). */
function copiesSheet ({ id, result: { triage } }: Finished): Figure[] {
  const step = triage?.copies.sheet
  return step === undefined ? [] : [{ name: copiesSheetName, title: 'Copies among the examples', artifact: { trial: id, name: copiesSheetName, step } }]
}

/** Results of before the sheet was an artifact have pictures inside: PNG in base64. */
type WithPicture = TracinResult['ranking'][number] & { picture: string }

function hasPicture (example: TracinResult['ranking'][number]): example is WithPicture {
  return 'picture' in example
}

function drawStored (shown: WithPicture[], flipped: ReadonlySet<number>): Record<string, unknown> {
  const [columns, cell, side] = [8, 78, 60]
  const values = shown.map(({ index, picture }, i) => ({
    x: (i % columns + 0.5) * cell,
    y: (Math.floor(i / columns) + 0.5) * cell,
    url: `data:image/png;base64,${picture}`,
    group: flipped.has(index) ? 'wrong label' : 'own label'
  }))
  const [width, height] = [columns * cell, Math.ceil(shown.length / columns) * cell]
  const x = { field: 'x', type: 'quantitative', axis: null, scale: { domain: [0, width] } }
  const y = { field: 'y', type: 'quantitative', axis: null, scale: { domain: [0, height], reverse: true } }
  const color = { field: 'group', type: 'nominal', title: null, scale: { domain: ['wrong label', 'own label'], range: [orange, '#b8b8b8'] } }
  return {
    title: { text: 'The most self-influential training examples' },
    width,
    height,
    data: { values },
    layer: [
      { mark: { type: 'square', size: (side + 6) ** 2, filled: true, opacity: 1 }, encoding: { x, y, color } },
      { mark: { type: 'image', width: side, height: side }, encoding: { x, y, url: { field: 'url', type: 'nominal' } } }
    ]
  }
}

function figure (name: string, title: string, vegaLite: Record<string, unknown>): Figure {
  return { name, title, vegaLite: { $schema: schema, ...vegaLite } }
}

/** At most 300 points of a metric; the first and the last stay. */
function thin (metric: { steps: number[], values: number[] } | undefined): [number, number][] {
  if (!metric) return []
  const last = metric.steps.length - 1
  const stride = Math.max(1, Math.ceil(metric.steps.length / 300))
  return metric.steps
    .map((step, i): [number, number] => [step, metric.values[i]!])
    .filter((_, i) => i % stride === 0 || i === last)
}

function stepsPerEpoch ({ checkpoints }: TracinResult): number {
  const { step, epoch } = checkpoints.at(-1)!
  return step / epoch
}
