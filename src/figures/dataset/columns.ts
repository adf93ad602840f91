/** The columns of a table at a glance: a small chart for each, with its name, type, missing part and spread. Vega-Lite. */
import type { ColumnReport, DatasetReport, Histogram } from '../../datasets/report.js'
import { clip } from './clip.js'

/** A picture of more is no overview; their numbers are in the report. */
const MAX_SHOWN = 48
const ACROSS = 4
const WIDTH = 190
const HEIGHT = 90
/** Words that have room under each other. */
const MAX_WORDS = 6
const LONGEST_TITLE = 28
const LONGEST_WORD = 16
const colours = { input: '#4c78a8', target: '#e45756', none: '#bbbbbb' } as const

/** Draws the overview of a report's columns; undefined where it has none. */
export function drawColumns ({ columns }: Pick<DatasetReport, 'columns'>): Record<string, unknown> | undefined {
  if (columns.length === 0) return undefined
  const shown = columns.slice(0, MAX_SHOWN)
  const some = shown.length < columns.length ? `the first ${shown.length} of ${columns.length} columns; ` : ''
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: 'Columns', subtitle: `${some}rows to train on; blue: input, red: target, grey: not used` },
    columns: ACROSS,
    spacing: 26,
    concat: shown.map(drawColumn)
  }
}

function drawColumn (column: ColumnReport): Record<string, unknown> {
  const { name, position, role, histogram } = column
  const title = { text: clip(name ?? `column ${position}`, LONGEST_TITLE), subtitle: sayColumn(column), fontSize: 12, subtitleFontSize: 10, offset: 6, anchor: 'start' }
  const common = { title, width: WIDTH, height: HEIGHT }
  if (histogram === undefined) return { ...common, data: { values: [{}] }, mark: { type: 'text', color: '#999', text: 'no histogram' } }
  return { ...common, ...(histogram.type === 'numbers' ? drawNumbers(histogram, colours[role]) : drawWords(histogram, colours[role])) }
}

/** "category of 9, 5.6 % missing" */
function sayColumn ({ type, rows, missing, distinct }: ColumnReport): string {
  const kinds = type === 'category' && distinct !== null ? `${type} of ${distinct}` : type
  return missing === 0 ? kinds : `${kinds}, ${sayPart(missing / rows)} missing`
}

function sayPart (part: number): string {
  return part < 0.001 ? 'below 0.1 %' : `${Number((part * 100).toPrecision(2))} %`
}

type Of<Type extends Histogram['type']> = Extract<Histogram, { type: Type }>

function drawNumbers ({ edges, counts }: Of<'numbers'>, color: string): Record<string, unknown> {
  const isOne = edges.length === 2 && edges[0] === edges[1]
  const values = counts.map((count, i) => ({ from: edges[i], to: edges[i + 1], count }))
  const axis = { title: null, tickCount: 4, labelFontSize: 9, grid: false }
  const x = { field: 'from', type: 'quantitative', axis, scale: { zero: false, nice: false } }
  const y = { field: 'count', type: 'quantitative', axis: { ...axis, tickCount: 3, format: '~s' } }
  return isOne
    ? { data: { values }, mark: { type: 'bar', color, size: 12 }, encoding: { x: { ...x, type: 'ordinal', axis: { ...axis, labelAngle: 0 }, scale: {} }, y } }
    : { data: { values }, mark: { type: 'bar', color, binSpacing: 0.5 }, encoding: { x: { ...x, bin: 'binned' }, x2: { field: 'to' }, y } }
}

function drawWords ({ words, counts, others }: Of<'words'>, color: string): Record<string, unknown> {
  const shown = words.slice(0, MAX_WORDS)
  const rest = counts.slice(MAX_WORDS).reduce((sum, count) => sum + count, others)
  const values = [
    ...shown.map((word, i) => ({ place: i, word: clip(word, LONGEST_WORD), count: counts[i] })),
    ...rest > 0 ? [{ place: shown.length, word: 'all others', count: rest }] : []
  ]
  // By place and not by word: two long words may be clipped alike.
  const labels = values.map(({ word }) => word)
  return {
    data: { values },
    mark: { type: 'bar', color },
    encoding: {
      x: { field: 'count', type: 'quantitative', axis: { title: null, tickCount: 3, labelFontSize: 9, grid: false, format: '~s' } },
      y: { field: 'place', type: 'ordinal', axis: { title: null, labelFontSize: 9, ticks: false, labelExpr: `${JSON.stringify(labels)}[datum.value]` } }
    }
  }
}
