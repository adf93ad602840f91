/** The ranking of a trial as rows of a table, or as texts: its most self-influential examples with their labels, one SVG. Pure. */
import { brief, drawSheet, escape, margin, orange, rankingTitle, sayLabel, shorten, top, wrap } from './sheet-parts.js'
import type { TracinResult } from './spec.js'

/** Name of the artifact. */
export const rankingSheetName = 'ranking-sheet'
/** Examples on it. */
export const rankingSheetLength = 20

/** An example as one can read it: the cells of its row by column, or its text. */
export type ShownExample = { row: [column: string, cell: string][] } | { text: string }

/** Columns of a table that find room. */
const maxColumns = 16
/** Letters of a cell. */
const maxLetters = 20

const letterWidth = 6.3
const lineHeight = 14
const padding = 12

/** What stands in one row of the sheet: lines by column. */
type Cells = string[][]

/**
 * Draws the first examples of the ranking as a table; those with wrong labels are in another colour.
 * @param examples in the order of the ranking, as many as shall be shown, all rows or all texts
 * @returns UTF-8 text
 */
export function drawRankingSheet (result: TracinResult, examples: ShownExample[], seed: number): Uint8Array {
  const flipped = new Set(result.flipped)
  const hasWrong = flipped.size > 0
  const isTriaged = result.triage !== undefined
  const cellOf = (words: string): string[] => [shorten(words, maxLetters)]
  const rows = examples.map((example, i): Cells => {
    const { index, label, trueLabel, score, suggestedLabel, probability, copyCount = 0, otherLabels } = result.ranking[i]!
    const labels = hasWrong ? [label, trueLabel] : [label]
    const looks = suggestedLabel === undefined ? '' : `${shorten(sayLabel(result, suggestedLabel), maxLetters)}${probability == null ? '' : ` ${Math.round(100 * probability)} %`}`
    const copies = copyCount === 0 ? '' : `${copyCount}${otherLabels ? ', other label' : ''}`
    return [
      [String(i + 1)], [String(index)], [brief(score)], ...labels.map(some => cellOf(sayLabel(result, some))),
      ...(isTriaged ? [[looks], [copies]] : []),
      ...('text' in example ? [wrap(example.text)] : example.row.slice(0, maxColumns).map(([, cell]) => cellOf(cell)))
    ]
  })
  const [first] = examples
  const columns = first === undefined ? [] : 'text' in first ? ['text'] : first.row.slice(0, maxColumns).map(([column]) => shorten(column, maxLetters))
  const head = ['#', 'index', 'score', 'training label', ...(hasWrong ? ['own label'] : []), ...(isTriaged ? ['models say', 'copies'] : []), ...columns]
  const widths = head.map((words, k) => {
    const lines = [words, ...rows.flatMap(cells => cells[k]!)]
    return padding + letterWidth * Math.max(...lines.map(line => [...line].length))
  })
  const lefts = widths.map((_, k) => margin + widths.slice(0, k).reduce((sum, width) => sum + width, 0))
  const body: string[] = []
  const write = (cells: Cells, y: number, style: (column: number) => string) => cells.forEach((lines, k) => lines.forEach((line, at) => {
    body.push(`<text x="${lefts[k]!.toFixed(1)}" y="${y + (at + 1) * lineHeight - 4}" ${style(k)}>${escape(line)}</text>`)
  }))
  const width = Math.max(360, lefts.at(-1)! + widths.at(-1)! + margin)
  write(head.map(words => [words]), top, () => 'font-weight="bold" fill="#222"')
  let y = top + lineHeight + 4
  rows.forEach((cells, i) => {
    const isWrong = flipped.has(result.ranking[i]!.index)
    const height = Math.max(...cells.map(lines => lines.length)) * lineHeight + 2
    if (i % 2 === 0) body.push(`<rect x="${margin - 4}" y="${y - 1}" width="${(width - 2 * margin + 8).toFixed(1)}" height="${height}" fill="#f4f4f4"/>`)
    write(cells, y, k => isWrong && k < 5 ? `fill="${orange}"${k > 2 ? ' font-weight="bold"' : ''}` : 'fill="#444"')
    y += height
  })
  return drawSheet(result, { title: rankingTitle, width: Math.ceil(width), height: y + margin, seed, note: noteOf(result, first), body })
}

function noteOf ({ errors }: TracinResult, first: ShownExample | undefined): string {
  const left = first !== undefined && 'row' in first ? first.row.length - maxColumns : 0
  const units = errors?.map(({ name, unit }) => unit === undefined ? name : `${name} in ${unit}`).join(', ')
  return `${units === undefined ? 'with their labels' : `labels are ${shorten(units, 60)}`}${left > 0 ? `, ${left} more columns` : ''}`
}
