/** The contact sheet of a trial: its most self-influential examples as pictures with their labels, one SVG. Pure. */
import type { TracinResult } from './spec.js'

/** Name of the artifact. */
export const sheetName = 'contact-sheet'
/** Examples on it. */
export const sheetLength = 40

const columns = 8
const margin = 12
const top = 74
const cell = { width: 82, height: 110 }
const side = 60
const orange = '#e4572e'
const grey = '#b8b8b8'
/** Letters of a label that find room in a cell. */
const maxLetters = 11

/**
 * Draws the first examples of the ranking; those with wrong labels are framed in another colour.
 * @param pictures PNG files in the order of the ranking, as many as shall be shown
 * @returns UTF-8 text
 */
export function drawContactSheet (result: TracinResult, pictures: Uint8Array[], seed: number): Uint8Array {
  const flipped = new Set(result.flipped)
  const width = columns * cell.width + 2 * margin
  const height = Math.ceil(pictures.length / columns) * cell.height + top
  const cells = pictures.map((picture, i) => {
    const { index, label, trueLabel, score } = result.ranking[i]!
    const isWrong = flipped.has(index)
    const x = margin + (i % columns + 0.5) * cell.width
    const y = top + Math.floor(i / columns) * cell.height
    const line = (at: number, style: string, words: string) => `<text x="${x}" y="${y + side + at}" text-anchor="middle" ${style}>${escape(words)}</text>`
    return [
      `<rect x="${x - side / 2 - 3}" y="${y - 3}" width="${side + 6}" height="${side + 6}" fill="${isWrong ? orange : grey}"/>`,
      `<image x="${x - side / 2}" y="${y}" width="${side}" height="${side}" image-rendering="optimizeSpeed" style="image-rendering:pixelated" ` +
        `href="data:image/png;base64,${Buffer.from(picture).toString('base64')}"/>`,
      line(15, `font-weight="bold" fill="${isWrong ? orange : '#444'}"`, nameOf(result, label)),
      ...(isWrong ? [line(26, `fill="${orange}"`, `is ${nameOf(result, trueLabel)}`)] : []),
      line(isWrong ? 37 : 26, 'font-size="9" fill="#888"', `#${i + 1}  ${brief(score)}`)
    ].join('')
  })
  return new TextEncoder().encode([
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      'font-family="DejaVu Sans, Verdana, sans-serif" font-size="10">',
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="${margin}" y="24" font-size="14" font-weight="bold" fill="#222">The most self-influential training examples</text>`,
    `<text x="${margin}" y="41" font-size="11" fill="#666">${scoredBy(result)}; under each its training label; seed ${seed}</text>`,
    ...(flipped.size > 0 ? [key(margin, orange, 'wrong label'), key(margin + 100, grey, 'own label')] : []),
    ...cells,
    '</svg>'
  ].join('\n'))
}

/** How the examples were scored, in words. */
export function scoredBy ({ checkpoints }: TracinResult): string {
  return `TracInCP over ${checkpoints.length} checkpoint${checkpoints.length === 1 ? '' : 's'}`
}

function key (x: number, color: string, words: string): string {
  return `<rect x="${x}" y="51" width="9" height="9" fill="${color}"/><text x="${x + 14}" y="59" fill="#444">${words}</text>`
}

function nameOf ({ classNames }: TracinResult, label: number): string {
  const letters = [...classNames[label] ?? String(label)]
  return letters.length > maxLetters ? `${letters.slice(0, maxLetters - 1).join('')}…` : letters.join('')
}

/** Names of classes are anybody's words: what is no text of XML 1.0 becomes a replacement character. */
function escape (words: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return words.replaceAll(/[&<>"]/g, found => entities[found]!).replaceAll(/\p{Cc}|\p{Surrogate}|[\uFFFE\uFFFF]/gu, '\uFFFD')
}

function brief (score: number): string {
  return score === 0 || (score >= 0.01 && score < 10000) ? String(Number(score.toPrecision(3))) : score.toExponential(1)
}
