/** Test examples beside their proponents and opponents, as pictures, as rows of a table or as texts: one SVG. Pure. */
import { brief, drawSheet, escape, grey, margin, orange, sayLabel, shorten, top, wrap } from '../sheet-parts.js'
import type { ShownExample } from '../ranking-sheet.js'
import type { TracinResult } from '../spec.js'
import type { Explained, Influential } from './schema.js'

/** Name of the artifact. */
export const explainedSheetName = 'explained-sheet'

/** How examples are had: PNG files, or what can be read. */
export type ShowOf = { picture: (split: 'train' | 'test', index: number) => Uint8Array } |
  { words: (split: 'train' | 'test', index: number) => ShownExample }

type Kept = Pick<TracinResult, 'checkpoints' | 'classNames' | 'flipped'>

const blue = '#3b6ea5'
const listed = 5

/** Draws the sheet. @returns UTF-8 text */
export function drawExplained (result: Kept, explained: Explained[], show: ShowOf, seed: number): Uint8Array {
  const { width, height, body } = 'picture' in show ? drawPictures(result, explained, show.picture) : drawWords(result, explained, show.words)
  return drawSheet(result, {
    title: 'Test examples, and the training examples that shaped how they are read', width, height, seed, note: 'last layer', body
  })
}

const cell = { width: 78, height: 102 }
const side = 58
const maxLetters = 11

function drawPictures (result: Kept, explained: Explained[], picture: (split: 'train' | 'test', index: number) => Uint8Array) {
  const name = (label: number | number[]) => shorten(sayLabel(result, label), maxLetters)
  const lefts = { test: margin, proponents: margin + 1.3 * cell.width, opponents: margin + (1.6 + listed) * cell.width }
  const headed = Object.entries({ test: 'test', proponents: 'proponents: lowered its loss', opponents: 'opponents: raised it' })
  const draw = (bytes: Uint8Array, x: number, y: number, color: string, lines: { words: string, style: string }[]) => [
    `<rect x="${x + 6}" y="${y - 3}" width="${side + 6}" height="${side + 6}" fill="${color}"/>`,
    `<image x="${x + 9}" y="${y}" width="${side}" height="${side}" image-rendering="optimizeSpeed" style="image-rendering:pixelated" ` +
      `href="data:image/png;base64,${Buffer.from(bytes).toString('base64')}"/>`,
    ...lines.map(({ words, style }, i) => `<text x="${x + 9 + side / 2}" y="${y + side + 15 + 11 * i}" text-anchor="middle" ${style}>${escape(words)}</text>`)
  ].join('')
  const first = top + 20
  const flipped = new Set(result.flipped)
  const body = [
    ...headed.map(([part, words]) => `<text x="${lefts[part as keyof typeof lefts] + 6}" y="${top + 4}" font-weight="bold" fill="#222">${words}</text>`),
    ...explained.flatMap((test, row) => {
      const y = first + row * cell.height
      const isRight = sayLabel(result, test.label) === sayLabel(result, test.prediction)
      const list = (some: Influential[], left: number) => some.map(({ index, label, score }, i) => draw(
        picture('train', index), left + i * cell.width, y, flipped.has(index) ? orange : grey, [
          { words: name(label), style: `font-weight="bold" fill="${flipped.has(index) ? orange : '#444'}"` },
          { words: brief(score), style: 'font-size="9" fill="#888"' }
        ]))
      return [
        draw(picture('test', test.index), lefts.test, y, blue, [
          { words: name(test.label), style: `font-weight="bold" fill="${blue}"` },
          { words: isRight ? 'read so' : `read as ${name(test.prediction)}`, style: `font-size="9" fill="${isRight ? '#888' : orange}"` }
        ]),
        ...list(test.proponents, lefts.proponents),
        ...list(test.opponents, lefts.opponents)
      ]
    })
  ]
  return { width: lefts.opponents + listed * cell.width + margin, height: first + explained.length * cell.height, body }
}

const lineHeight = 14
const lefts = { sign: margin, score: margin + 20, label: margin + 90, text: margin + 200 }

function drawWords (result: Kept, explained: Explained[], words: (split: 'train' | 'test', index: number) => ShownExample) {
  const flipped = new Set(result.flipped)
  const body: string[] = []
  let y = top + 6
  const write = (x: number, text: string, style: string) => body.push(`<text x="${x}" y="${y}" ${style}>${escape(text)}</text>`)
  const line = (sign: string, score: string, label: string, example: ShownExample, style: string) => {
    if (sign !== '') write(lefts.sign, sign, style)
    write(lefts.score, score, style)
    write(lefts.label, shorten(label, 16), style)
    for (const text of wrap(asText(example))) {
      write(lefts.text, text, style)
      y += lineHeight
    }
  }
  for (const test of explained) {
    body.push(`<rect x="${margin - 4}" y="${y - 12}" width="${lefts.text + 640}" height="${lineHeight * wrap(asText(words('test', test.index))).length + 4}" fill="#e8eff7"/>`)
    line('', `#${test.index}`, sayLabel(result, test.label), words('test', test.index), `font-weight="bold" fill="${blue}"`)
    write(lefts.label, `the model says ${shorten(sayLabel(result, test.prediction), 40)}`, 'fill="#666"')
    y += lineHeight + 2
    for (const [sign, some] of [['+', test.proponents], ['−', test.opponents]] as const) {
      for (const { index, label, score } of some) {
        line(sign, brief(score), sayLabel(result, label), words('train', index), `fill="${flipped.has(index) ? orange : '#444'}"`)
      }
    }
    y += lineHeight
  }
  return { width: lefts.text + 660, height: y, body }
}

function asText (example: ShownExample): string {
  return 'text' in example ? example.text : example.row.map(([column, cell]) => `${column}: ${cell === '' ? '–' : cell}`).join(', ')
}
