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

/** Of the sheet: as many pictures as a group shows, and a few words. */
const width = 860
const gap = 30
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
  let [x, y] = [margin, top]
  for (const { group, shown } of groups) {
    const left = group.count - shown.length
    const more = (at: number, down: number) => left > 0 ? [`<text x="${at}" y="${y + down}" fill="#888">and ${left} more</text>`] : []
    if (shown.some(one => 'png' in one)) {
      const own = shown.length * cell.width + (left > 0 ? 60 : 0)
      if (x > margin && x + own > width) [x, y] = [margin, y + cell.height]
      shown.forEach((one, k) => { if ('png' in one) body.push(...drawPicture(one.png, group, k, { x: x + k * cell.width, y, result })) })
      body.push(...more(x + shown.length * cell.width, 34))
      x += own + gap
      continue
    }
    body.push(...shown.flatMap((one, k) => 'png' in one ? [] : [drawLine(one, group, k, { y: y + (k + 1) * lineHeight, result })]))
    body.push(...more(margin, (shown.length + 1) * lineHeight))
    y += (shown.length + (left > 0 ? 1 : 0)) * lineHeight + 8
  }
  const { groupCount, conflicting, leaked } = result.triage!.copies
  return drawFrame({
    width,
    height: y + (x > margin ? cell.height : 0) + margin,
    title: 'Copies among the examples',
    subtitle: `${groups.length} of ${groupCount} groups; ${conflicting} training examples have a copy with another label, ${leaked} test examples stand in the training split; seed ${seed}`,
    keys: [[orange, 'another label than the first'], [grey, 'the same']],
    body
  })
}

interface Place { x: number, y: number, result: TracinResult }

/** Member k of a group. */
function drawPicture (png: Uint8Array, { members }: Group, k: number, { x, y, result }: Place): string[] {
  const copy = members[k]!
  const isOther = !isSame(copy, members[0]!)
  const middle = x + cell.width / 2
  const line = (at: number, style: string, words: string) => `<text x="${middle}" y="${y + side + at}" text-anchor="middle" ${style}>${escape(words)}</text>`
  return [
    `<rect x="${middle - side / 2 - 3}" y="${y - 3}" width="${side + 6}" height="${side + 6}" fill="${isOther ? orange : grey}"/>`,
    `<image x="${middle - side / 2}" y="${y}" width="${side}" height="${side}" image-rendering="optimizeSpeed" style="image-rendering:pixelated" ` +
      `href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/>`,
    line(15, `font-weight="bold" fill="${isOther ? orange : '#444'}"`, shorten(sayLabel(result, copy.label), maxLetters)),
    line(27, 'font-size="9" fill="#888"', `${place(copy)}${copy.exact ? '' : ', near'}`)
  ]
}

function drawLine (one: ShownExample, { members }: Group, k: number, { y, result }: Omit<Place, 'x'>): string {
  const copy = members[k]!
  const label = shorten(sayLabel(result, copy.label), 24)
  const words = `${place(copy)}  ${sayKind(copy, k)}  ${label}:  ${shorten(say(one), lineLetters)}`
  return `<text x="${margin}" y="${y}" fill="${isSame(copy, members[0]!) ? '#444' : orange}">${escape(words)}</text>`
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
