/** Masks: what number of a class a pixel of a PNG means. Numbers of a palette count, never the colours that they show. */
import { UNLABELLED } from '../../unlabelled.js'
import { kindOf, refuse, refuseKind, type Picture, type Pixels } from './picture.js'
import { decodePng, readPngHeader, type Png } from './png.js'
import { readAlpha } from './png-pixels.js'

/** What the upload says of its masks. */
export interface MaskRules {
  /** class of every number that a sample may be; -1: it may not be that */
  classOf: Int16Array
  /** class of every colour, red * 65536 + green * 256 + blue; undefined: masks in colour are refused */
  colours: ReadonlyMap<number, number> | undefined
  /** which numbers there may be, in words */
  said: string
}

/** Classes by a number or a colour, as text. */
type ByText = Record<string, number>

const SAMPLES = 65536

/** Makes rules. @param values classes by number @param classes how many there are, where that is told */
export function makeRules (values: ByText | undefined, colours: ByText | undefined, classes: number | undefined): MaskRules {
  const classOf = new Int16Array(SAMPLES).fill(-1)
  classOf[UNLABELLED] = UNLABELLED
  if (values === undefined) {
    for (let value = 0; value < (classes ?? UNLABELLED); value++) classOf[value] = value
  } else {
    for (const [value, code] of Object.entries(values)) classOf[Number(value)] = code
  }
  const known = values === undefined ? [`0 .. ${(classes ?? UNLABELLED) - 1}`] : Object.keys(values).filter(value => Number(value) !== UNLABELLED)
  return {
    classOf,
    colours: colours && new Map(Object.entries(colours).map(([colour, code]) => [Number.parseInt(colour.slice(1), 16), code])),
    said: `${known.join(', ')} or ${UNLABELLED}`
  }
}

/**
 * Reads a mask.
 * @param seen  gets a 1 for every number below 256 that stands in the file
 * @returns classes, [height, width]; 255 is unlabelled
 * @throws AppError invalid_dataset naming the picture and the pixel
 */
export function readMask (picture: Picture, rules: MaskRules, seen: Uint8Array): Pixels {
  const kind = kindOf(picture.bytes)
  if (kind === undefined) throw refuseKind(picture)
  if (kind === 'jpeg') throw refuse(picture, 'must be a PNG as every mask, got a JPEG, which changes the numbers of its pixels')
  const png = decodePng(picture, readPngHeader(picture))
  checkOpaque(picture, png)
  const isColoured = png.type === 2 || png.type === 6
  if (isColoured) checkColoured(picture, png, rules)
  const { height, width, channels, samples } = png
  const data = new Uint8Array(height * width)
  for (let pixel = 0; pixel < data.length; pixel++) {
    const at = pixel * channels
    const sample = samples[at]!
    const code = isColoured ? rules.colours!.get(colourAt(png, pixel)) ?? -1 : rules.classOf[sample]!
    if (code < 0) throw refuseValue(picture, png, pixel, rules)
    if (!isColoured && sample < seen.length) seen[sample] = 1
    data[pixel] = code
  }
  return { height, width, channels: 1, data }
}

/** What is drawn through has no number of its own; an alpha in a palette is only for looks. */
function checkOpaque (picture: Picture, png: Png): void {
  const alpha = png.type === 3 ? undefined : readAlpha(png)
  if (alpha === undefined) return
  for (let pixel = 0; pixel < png.height * png.width; pixel++) {
    if (alpha(pixel) !== 255) throw refuse(picture, `must be opaque as every mask, got alpha ${alpha(pixel)} at ${place(png, pixel)}; save it without transparency`)
  }
}

function checkColoured (picture: Picture, png: Png, { colours }: MaskRules): void {
  if (png.depth !== 8) throw refuse(picture, `must have 8 bits a channel where a mask has colours, got ${png.depth}`)
  if (colours !== undefined) return
  const some = new Set<number>()
  for (let pixel = 0; pixel < png.height * png.width && some.size < 5; pixel++) some.add(colourAt(png, pixel))
  throw refuse(picture, `must have a palette or be grey, got colours (${[...some].map(sayColour).join(', ')}); say which classes they are: maskColours={"${sayColour([...some][0]!)}": 0, ...}`)
}

function refuseValue (picture: Picture, png: Png, pixel: number, { colours, said }: MaskRules) {
  const isColoured = png.type === 2 || png.type === 6
  const known = isColoured ? [...colours!.keys()].map(sayColour).join(', ') : said
  const got = isColoured ? sayColour(colourAt(png, pixel)) : png.samples[pixel * png.channels]
  return refuse(picture, `must have ${known} at ${place(png, pixel)}, got ${got}${isColoured ? '' : '; maskValues says what other numbers mean'}`)
}

function colourAt ({ samples, channels }: Png, pixel: number): number {
  const at = pixel * channels
  return samples[at]! << 16 | samples[at + 1]! << 8 | samples[at + 2]!
}

function sayColour (colour: number): string {
  return `#${colour.toString(16).padStart(6, '0')}`
}

function place ({ width }: Png, pixel: number): string {
  return `pixel (x ${pixel % width}, y ${Math.floor(pixel / width)})`
}
