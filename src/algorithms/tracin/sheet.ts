/** The contact sheet of a trial: its most self-influential examples as pictures with their labels, one SVG. Pure. */
import { brief, drawSheet, escape, grey, margin, orange, rankingTitle, sayLabel, shorten, top } from './sheet-parts.js'
import type { TracinResult } from './spec.js'

/** Name of the artifact. */
export const sheetName = 'contact-sheet'
/** Examples on it. */
export const sheetLength = 40

const columns = 8
const cell = { width: 82, height: 110 }
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
    const { index, label, trueLabel, score } = result.ranking[i]!
    const isWrong = flipped.has(index)
    const x = margin + (i % columns + 0.5) * cell.width
    const y = top + Math.floor(i / columns) * cell.height
    const line = (at: number, style: string, words: string) => `<text x="${x}" y="${y + side + at}" text-anchor="middle" ${style}>${escape(words)}</text>`
    return [
      `<rect x="${x - side / 2 - 3}" y="${y - 3}" width="${side + 6}" height="${side + 6}" fill="${isWrong ? orange : grey}"/>`,
      `<image x="${x - side / 2}" y="${y}" width="${side}" height="${side}" image-rendering="optimizeSpeed" style="image-rendering:pixelated" ` +
        `href="data:image/png;base64,${Buffer.from(picture).toString('base64')}"/>`,
      line(15, `font-weight="bold" fill="${isWrong ? orange : '#444'}"`, name(label)),
      ...(isWrong ? [line(26, `fill="${orange}"`, `is ${name(trueLabel)}`)] : []),
      line(isWrong ? 37 : 26, 'font-size="9" fill="#888"', `#${i + 1}  ${brief(score)}`)
    ].join('')
  })
  return drawSheet(result, {
    title: rankingTitle,
    width: columns * cell.width + 2 * margin,
    height: Math.ceil(pictures.length / columns) * cell.height + top,
    seed,
    note: 'under each its training label',
    body
  })
}
