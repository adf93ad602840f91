/** The contact sheet of a trial: its most self-influential examples as pictures with their labels, one SVG. Pure. */
import { brief, drawSheet, escape, grey, margin, orange, rankingTitle, sayLabel, shorten, top } from './sheet-parts.js'
import type { TracinResult } from './spec.js'

/** Name of the artifact. */
export const sheetName = 'contact-sheet'
/** Examples on it. */
export const sheetLength = 40

const columns = 8
const cell = { width: 82, height: 132 }
const side = 60
/** Letters of a label that find room in a cell. */
const maxLetters = 11

/**
 * Draws the first examples of the ranking; those with wrong labels are framed in another colour.
 * @param pictures PNG files in the order of the ranking, as many as shall be shown
 * @returns UTF-8 text
 */
export function drawContactSheet (result: TracinResult, pictures: Uint8Array[], seed: number): Uint8Array {
  const flipped = new Set(result.flipped)
  const name = (label: number | number[]) => shorten(sayLabel(result, label), maxLetters)
  const body = pictures.map((picture, i) => {
    const { index, label, trueLabel, score, suggestedLabel = label, probability, ...row } = result.ranking[i]!
    const { copyCount = 0, copies = [], otherLabels } = row
    const isWrong = flipped.has(index)
    const x = margin + (i % columns + 0.5) * cell.width
    const y = top + Math.floor(i / columns) * cell.height
    const color = isWrong ? orange : '#444'
    const lines: [style: string, words: string][] = [
      [`font-weight="bold" fill="${color}"`, name(label)],
      ...(isWrong ? [[`fill="${orange}"`, `is ${name(trueLabel)}`] as [string, string]] : []),
      ...(isSame(suggestedLabel, label) ? [] : [['fill="#2e6fae"', `looks ${name(suggestedLabel)}${probability == null ? '' : `, ${Math.round(100 * probability)} %`}`] as [string, string]]),
      ...(copyCount === 0 ? [] : [['fill="#2e6fae"', otherLabels ? `copy is ${name(copies[0]!.label)}` : `${copyCount} cop${copyCount === 1 ? 'y' : 'ies'}`] as [string, string]]),
      ['font-size="9" fill="#888"', `#${i + 1}  ${brief(score)}`]
    ]
    return [
      `<rect x="${x - side / 2 - 3}" y="${y - 3}" width="${side + 6}" height="${side + 6}" fill="${isWrong ? orange : grey}"/>`,
      `<image x="${x - side / 2}" y="${y}" width="${side}" height="${side}" image-rendering="optimizeSpeed" style="image-rendering:pixelated" ` +
        `href="data:image/png;base64,${Buffer.from(picture).toString('base64')}"/>`,
      ...lines.map(([style, words], k) => `<text x="${x}" y="${y + side + 15 + 11 * k}" text-anchor="middle" ${style}>${escape(words)}</text>`)
    ].join('')
  })
  return drawSheet(result, {
    title: rankingTitle,
    width: columns * cell.width + 2 * margin,
    height: Math.ceil(pictures.length / columns) * cell.height + top,
    seed,
    note: 'training labels, what models saw instead, copies',
    body
  })
}

function isSame (one: number | number[], other: number | number[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
