/** What the sheets of a trial have in common: head, key, words as XML takes them. Pure. */
import type { TracinResult } from './spec.js'

export const orange = '#e4572e'
export const grey = '#b8b8b8'
export const margin = 12
/** Title of the sheets that show the ranking. */
export const rankingTitle = 'The most self-influential training examples'
/** Where the first example begins. */
export const top = 74

/**
 * Draws a sheet of the ranking.
 * @param note    what the subtitle says between how the examples were scored and the seed
 * @param body    elements below the head
 * @returns       UTF-8 text
 */
export function drawSheet (
  result: Pick<TracinResult, 'checkpoints' | 'flipped'>,
  { title, width, height, seed, note, body }: { title: string, width: number, height: number, seed: number, note: string, body: string[] }
): Uint8Array {
  return drawFrame({
    width,
    height,
    title,
    subtitle: `${scoredBy(result)}; ${note}; seed ${seed}`,
    keys: result.flipped.length > 0 ? [[orange, 'wrong label'], [grey, 'own label']] : [],
    body
  })
}

/** A sheet: its head, what its colours mean, and elements below. */
export interface Frame {
  width: number
  height: number
  title: string
  subtitle: string
  keys: [color: string, words: string][]
  body: string[]
}

/** Draws head and key of a sheet around its body. @returns UTF-8 text */
export function drawFrame ({ width, height, title, subtitle, keys, body }: Frame): Uint8Array {
  const lefts = keys.map((_, k) => margin + keys.slice(0, k).reduce((sum, [, words]) => sum + 34 + 6 * words.length, 0))
  return new TextEncoder().encode([
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      'font-family="DejaVu Sans, Verdana, sans-serif" font-size="10">',
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="${margin}" y="24" font-size="14" font-weight="bold" fill="#222">${escape(title)}</text>`,
    `<text x="${margin}" y="41" font-size="11" fill="#666">${escape(subtitle)}</text>`,
    ...keys.map(([color, words], k) => key(lefts[k]!, color, words)),
    ...body,
    '</svg>'
  ].join('\n'))
}

/** How the examples were scored, in words. */
export function scoredBy ({ checkpoints }: Pick<TracinResult, 'checkpoints'>): string {
  const { length } = checkpoints.filter(({ counted }) => counted !== false)
  return `TracInCP over ${length} checkpoint${length === 1 ? '' : 's'}`
}

function key (x: number, color: string, words: string): string {
  return `<rect x="${x}" y="51" width="9" height="9" fill="${color}"/><text x="${x + 14}" y="59" fill="#444">${words}</text>`
}

/** A label in words: the name of a class, or the numbers of a target of values. */
export function sayLabel ({ classNames }: Pick<TracinResult, 'classNames'>, label: number | number[]): string {
  return typeof label === 'number' ? classNames[label] ?? String(label) : label.map(value => String(Number(value.toPrecision(6)))).join(', ')
}

/** At most so many letters. */
export function shorten (words: string, letters: number): string {
  const all = [...words]
  return all.length > letters ? `${all.slice(0, letters - 1).join('')}…` : words
}

/** Names and texts are anybody's words: what is no text of XML 1.0 becomes a replacement character. */
export function escape (words: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return words.replaceAll(/[&<>"]/g, found => entities[found]!).replaceAll(/\p{Cc}|\p{Surrogate}|[\uFFFE\uFFFF]/gu, '\uFFFD')
}

/** A score in few letters. */
export function brief (score: number): string {
  const size = Math.abs(score)
  return size === 0 || (size >= 0.01 && size < 10000) ? String(Number(score.toPrecision(3))) : score.toExponential(1)
}

/** Letters of a line of text, and lines of a text. */
const lineLetters = 100
const maxLines = 3

/** A text in a few lines, cut between words. */
export function wrap (text: string): string[] {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + 1 + word.length > lineLetters) lines.push(shorten(word, lineLetters))
    else lines[lines.length - 1] = line === '' ? shorten(word, lineLetters) : `${line} ${word}`
  }
  return lines.length > maxLines ? [...lines.slice(0, maxLines - 1), `${lines[maxLines - 1]!} …`] : lines
}
