/** The copies that a trial found, side by side with their labels: pictures, rows of a table or texts, one SVG. Pure. */
import type { ShownExample } from '../ranking-sheet.js'
import { drawFrame, escape, grey, margin, orange, sayLabel, shorten, top } from '../sheet-parts.js'
import type { TracinResult } from '../spec.js'
import type { Copy, Group } from './spec.js'

/** Name of the artifact. */
export const copiesSheetName = 'copies-sheet'
/** Groups on it, and members of each. */
export const copiesSheetLength = 24
export const copiesSheetMembers = 6

/** An example as one can look at it. */
export type ShownCopy = ShownExample | { png: Uint8Array }

const cell = { width: 92, height: 104 }
const side = 60
const lineHeight = 15
/** Letters of a label under a picture, and of a line of a row or a text. */
const maxLetters = 13
const lineLetters = 110

/**
 * Draws the first groups; labels that are not the first one’s have another colour.
 * @param groups as in the result, with what is shown of each of their first members
 * @returns UTF-8 text
 */
export function drawCopiesSheet (result: TracinResult, groups: { group: Group, shown: ShownCopy[] }[], seed: number): Uint8Array {
  const body: string[] = []
  let y = top - 10
  let width = 560
  for (const { group, shown } of groups) {
    const arePictures = shown.some(one => 'png' in one)
    shown.forEach((one, k) => {
      const copy = group.members[k]!
      const color = isSame(copy, group.members[0]!) ? '#444' : orange
      if ('png' in one) drawPicture(body, one.png, copy, { x: margin + k * cell.width, y, color, result })
      else body.push(`<text x="${margin}" y="${y + (k + 1) * lineHeight}" fill="${color}">${escape(`${place(copy)}  ${sayKind(copy, k)}  ${shorten(sayLabel(result, copy.label), 24)}:  ${shorten(say(one), lineLetters)}`)}</text>`)
    })
    const left = group.count - shown.length
    if (left > 0) body.push(`<text x="${arePictures ? margin + shown.length * cell.width : margin}" y="${y + (arePictures ? 34 : (shown.length + 1) * lineHeight)}" fill="#888">and ${left} more</text>`)
    width = Math.max(width, arePictures ? 2 * margin + shown.length * cell.width + (left > 0 ? 60 : 0) : 900)
    y += arePictures ? cell.height : (shown.length + (left > 0 ? 1 : 0)) * lineHeight + 8
  }
  const { groupCount, conflicting, leaked } = result.triage!.copies
  return drawFrame({
    width,
    height: y + margin,
    title: 'Copies among the examples',
    subtitle: `${groupCount} groups, ${groups.length} shown; ${conflicting} training examples have a copy with another label, ${leaked} test examples one in the training split; seed ${seed}`,
    keys: [[orange, 'another label than the first'], [grey, 'the same']],
    body
  })
}

function drawPicture (
  body: string[], png: Uint8Array, copy: Copy, { x, y, color, result }: { x: number, y: number, color: string, result: TracinResult }
): void {
  const middle = x + cell.width / 2
  const line = (at: number, style: string, words: string) => `<text x="${middle}" y="${y + side + at}" text-anchor="middle" ${style}>${escape(words)}</text>`
  body.push(
    `<rect x="${middle - side / 2 - 3}" y="${y - 3}" width="${side + 6}" height="${side + 6}" fill="${color === orange ? orange : grey}"/>`,
    `<image x="${middle - side / 2}" y="${y}" width="${side}" height="${side}" image-rendering="optimizeSpeed" style="image-rendering:pixelated" ` +
      `href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/>`,
    line(15, `font-weight="bold" fill="${color}"`, shorten(sayLabel(result, copy.label), maxLetters)),
    line(27, 'font-size="9" fill="#888"', `${place(copy)}${copy.exact ? '' : ', near'}`)
  )
}

function place ({ split, index }: Copy): string {
  return `${split} ${index}`
}

function sayKind ({ exact }: Copy, k: number): string {
  return k === 0 ? '' : exact ? 'the same' : 'nearly the same'
}

function say (one: ShownExample): string {
  return 'text' in one ? one.text : one.row.map(([column, value]) => `${column} ${value}`).join(', ')
}

function isSame (a: Copy, b: Copy): boolean {
  return JSON.stringify(a.label) === JSON.stringify(b.label)
}
