/**
 * The contact sheet of a data set of pictures: a row for each class with its name and some examples. Where the target is
 * a class map, the pixels of the row's class are marked. Pure: which examples there are is chosen in datasets/sheet.ts,
 * an SVG becomes a PNG in draw.ts.
 */
import { type Description, type FieldOf } from '../../datasets/description.js'
import { encodeImage, isShown, toBytes, type Image } from '../image-png.js'

/** What is drawn of an example: of an image shape and values, of a class its label, of a class map its values. */
export interface SheetExample {
  fields: Readonly<Record<string, { type: string, shape?: readonly number[], values?: readonly number[], label?: number }>>
}

/** Side of the square in which a picture lies, in pixels of the sheet. */
const CELL = 56
const GAP = 4
const MARGIN = 12
const LETTER = 7.2
const LONGEST_NAME = 24
const MOST_ROWS = 50
const MOST_COLUMNS = 10
/** Of the pixels of a class: orange, which few pictures have. */
const MARK = [255, 127, 14] as const

/** Says whether a data set can have a sheet: pictures, with classes or class maps. */
export function hasClassSheet ({ fields: { inputs, target } }: Description): boolean {
  return inputs.type === 'image' && isShown(inputs) && (target?.type === 'classes' || target?.type === 'classMap')
}

/**
 * Draws the sheet.
 * @param examples  in any order; at most ten of a class are drawn
 * @returns an SVG that carries its pictures
 */
export function drawClassSheet (description: Description, examples: readonly SheetExample[]): string {
  const { names } = description.fields.target as FieldOf<'classes' | 'classMap'>
  const shown = names.slice(0, MOST_ROWS)
  const rows = shown.map((_, label) => examples.filter(example => has(example, label)).slice(0, MOST_COLUMNS))
  const labels = shown.map(shorten)
  const indent = MARGIN + Math.ceil(LETTER * Math.max(...labels.map(name => name.length))) + 2 * GAP
  const width = indent + Math.max(3, ...rows.map(row => row.length)) * (CELL + GAP) - GAP + MARGIN
  const title = `${names.length} ${names.length === 1 ? 'class' : 'classes'}, ${description.counts.train} + ${description.counts.test} pictures`
  const begin = MARGIN + 28
  const note = names.length > shown.length ? [text(MARGIN, begin + shown.length * (CELL + GAP) + 14, `and ${names.length - shown.length} classes more`, 'fill="#666"')] : []
  const height = begin + shown.length * (CELL + GAP) - GAP + MARGIN + note.length * 24
  const body = rows.flatMap((row, label) => {
    const y = begin + label * (CELL + GAP)
    return [
      text(indent - 2 * GAP, y + CELL / 2 + 4, labels[label]!, 'fill="#222" text-anchor="end"'),
      ...row.length === 0 ? [text(indent, y + CELL / 2 + 4, 'no example', 'fill="#888"')] : row.map((example, column) => draw(example, label, indent + column * (CELL + GAP), y))
    ]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, Verdana, sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text(MARGIN, MARGIN + 12, title, 'fill="#222" font-size="14"'),
    ...body,
    ...note,
    '</svg>'
  ].join('\n')
}

function has ({ fields: { target } }: SheetExample, label: number): boolean {
  return target!.type === 'classMap' ? target!.values!.includes(label) : target!.label === label
}

/** Pictures are a few pixels wide: blurred they say nothing (the attribute is resvg's way, the style a browser's). */
function draw ({ fields: { inputs, target } }: SheetExample, label: number, x: number, y: number): string {
  const image = inputs as Image
  const marked = target!.type === 'classMap' ? mark(image, target!.values!, label) : image
  const [height, width] = image.shape as [number, number]
  const scale = CELL / Math.max(height, width)
  const [w, h] = [width * scale, height * scale].map(side => Number(side.toFixed(2))) as [number, number]
  const sharp = scale > 1 ? ' image-rendering="optimizeSpeed" style="image-rendering:pixelated"' : ''
  return `<image${sharp} x="${x + (CELL - w) / 2}" y="${y + (CELL - h) / 2}" width="${w}" height="${h}" href="data:image/png;base64,${encodeImage(marked).toString('base64')}"/>`
}

/** Halfway to the colour where the map has the class. */
function mark ({ shape, values }: Image, map: readonly number[], label: number): Image {
  const [height, width, channels] = shape as [number, number, number]
  const bytes = toBytes(values)
  const out = new Uint8Array(height * width * 3)
  map.forEach((code, pixel) => {
    for (let channel = 0; channel < 3; channel++) {
      const value = bytes[pixel * channels + (channels === 1 ? 0 : channel)]!
      out[pixel * 3 + channel] = code === label ? (value + MARK[channel]!) >> 1 : value
    }
  })
  return { shape: [height, width, 3], values: out }
}

function text (x: number, y: number, words: string, style: string): string {
  return `<text x="${x}" y="${y}" ${style}>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`
}

function shorten (name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name
}
