/**
 * Pictures with a mask each, and scribbles where there are: in folders beside each other, matched by their names without
 * the extension. Masks become class maps; they are resized as their pictures are, by the nearest pixel.
 */
import type { Window } from '../../../math/windows.js'
import { inMemory, type IncomingDataset, type IncomingSplit, type ReadContext } from '../../dataset-file.js'
import type { Fields } from '../../description.js'
import { EXTENT, extentField, toExtents } from '../../extent.js'
import { broken, show } from '../../limits.js'
import { openSpool, type Spool } from '../../spool.js'
import { cutTest, type SplitOptions } from '../../split.js'
import type { Decoded } from './decode.js'
import { findGeometry } from './geometry.js'
import type { Item } from './items.js'
import type { Layout, Placed } from './layout.js'
import type { PictureOptions } from './options.js'
import { openPixels, type PixelSpool } from './pixel-spool.js'
import { openReader, type PictureReader } from './reader.js'
import { UNLABELLED } from '../../unlabelled.js'

/** What is read of a split. */
interface SplitSpools { pixels: PixelSpool, maps: Record<string, Spool>, extents: Window[], count: number }

const defaults = { images: 'images', masks: 'masks', scribbles: 'scribbles' }

/** Says whether the folders are those of pictures with masks. */
export function hasMasks ({ train }: Layout): boolean {
  const folders = new Set(train.map(({ folder }) => folder))
  return folders.has(defaults.images) && folders.has(defaults.masks)
}

/**
 * Makes a data set of pictures with masks.
 * @throws AppError invalid_dataset naming the picture and the rule
 */
export async function readByPixel (layout: Layout, options: PictureOptions & SplitOptions, context: ReadContext): Promise<IncomingDataset> {
  const { file } = layout.train[0]!.opened
  const { classNames } = options
  checkNumbers(options)
  const reader = openReader(options, context.helpers)
  const used = new Uint8Array(256) // classes
  const read = (placed: Placed[]) => readSplit(findItems(placed, options), { options, reader, used, context })
  const train = await read(layout.train)
  const test = layout.test === undefined ? undefined : await read(layout.test)
  if (options.maskValues === undefined && classNames === undefined) {
    const values = [...reader.seen.keys()].filter(value => reader.seen[value] === 1)
    if (String(values) === `0,${UNLABELLED}`) {
      throw broken(file, `masks must have numbers that say their class, got 0 and ${UNLABELLED} only, where ${UNLABELLED} may be a class or unlabelled; say maskValues={"0": 0, "255": 1} or {"0": 0, "255": 255}`)
    }
  }
  const names = classNames ?? nameClasses(options, used)
  if (names.length === 0) throw broken(file, 'masks must have a labelled pixel, got none; say classNames=["..."]')
  const channels = test?.pixels.channels() === 3 ? 3 : train.pixels.channels()
  const map = { type: 'classMap', shape: [...reader.size()!], names } as const
  const fieldNames = Object.keys(train.maps)
  if (test !== undefined && String(Object.keys(test.maps)) !== String(fieldNames)) throw broken(file, 'both splits must have scribbles or none of them, got one that has')
  const fields: Fields = { inputs: { type: 'image', shape: [...reader.size()!, channels], dtype: 'uint8' }, ...Object.fromEntries(fieldNames.map(name => [name, map])) }
  if ([train, test].some(split => split?.extents.some(({ height, width }) => height < map.shape[0]! || width < map.shape[1]!))) {
    fields[EXTENT] = extentField
  }
  const toSplit = ({ pixels, maps, extents, count }: SplitSpools): IncomingSplit => {
    const read = Object.entries(maps).map(([name, spool]) => [name, spool.finish()])
    const further = EXTENT in fields ? { [EXTENT]: inMemory(toExtents(extents)) } : {}
    return { count, fields: { inputs: pixels.finish(channels), ...Object.fromEntries(read), ...further } }
  }
  const splits = test === undefined ? cutTest(toSplit(train), fields, options) : { train: toSplit(train), test: toSplit(test) }
  const counts = { train: countPictures(splits.train, map.shape, names.length), test: countPictures(splits.test, map.shape, names.length) }
  const unused = names.filter((_, code) => counts.train[code] === 0)
  return {
    description: { fields, counts: { train: splits.train.count, test: splits.test.count } },
    ...splits,
    report: {
      columns: [],
      classes: names.map((name, code) => ({ name, train: counts.train[code]!, test: counts.test[code]! })),
      skipped: layout.skipped,
      warnings: [
        ...layout.warnings,
        ...reader.warnings(),
        ...unused.slice(0, 20).map(name => ({ code: 'rare_class', text: `the class ${show(name)} has no pixel to train on` }))
      ]
    }
  }
}

interface Reading {
  options: PictureOptions
  reader: PictureReader
  used: Uint8Array
  context: ReadContext
}

async function readSplit (items: Item<Placed>[], reading: Reading): Promise<SplitSpools> {
  const { options, reader, used, context: { folder, tally } } = reading
  const pixels = openPixels(folder, options.colour, tally)
  const maps = Object.fromEntries(Object.keys(items[0]!.maps).map(name => [name, openSpool(folder)]))
  const extents: Window[] = []
  let next = 0
  for await (const { decoded, maps: read } of reader.read(items)) {
    const { file } = items[next++]!.image.opened
    tally.addRows(file, 1)
    pixels.add(file, decoded.pixels)
    extents.push(extentOf(decoded, options))
    for (const [name, { data }] of Object.entries(read)) {
      tally.addCells(file, data.length)
      maps[name]!.write(data)
      for (const code of data) used[code] = 1
    }
  }
  return { pixels, maps, extents, count: items.length }
}

/** Where the picture lies in what is stored of it. */
function extentOf ({ size: own, pixels }: Decoded, { fit = 'stretch' }: PictureOptions): Window {
  const { top, left, inner: [height, width] } = findGeometry(own, [pixels.height, pixels.width], fit)
  return { top, left, height, width }
}

/** Matches the pictures of a split with their masks and scribbles. */
function findItems (placed: Placed[], options: PictureOptions): Item<Placed>[] {
  const { images, masks, scribbles } = { ...defaults, ...options.folders }
  const { file } = placed[0]!.opened
  const stranger = placed.find(({ folder }) => folder !== images && folder !== masks && folder !== scribbles)
  if (stranger !== undefined) {
    throw broken(file, `the member ${show(stranger.member.name)} must lie in ${images}, ${masks} or ${scribbles}, as there are masks; leave other folders out, or name them with folders={"images": ...}`)
  }
  const within = (folder: string): ByName => byName(placed.filter(one => one.folder === folder))
  const [ofImages, ofMasks, ofScribbles] = [within(images), within(masks), within(scribbles)]
  if (ofImages.size === 0) throw broken(file, `the folder ${show(images)} must have a picture, got none`)
  const roles = { target: ofMasks, ...(ofScribbles.size > 0 ? { scribbles: ofScribbles } : {}) }
  for (const [role, folder, found] of [['target', masks, ofMasks], ['scribbles', scribbles, ofScribbles]] as const) {
    const lonely = [...found].find(([name]) => !ofImages.has(name))
    if (lonely !== undefined) throw broken(file, `the member ${show(lonely[1].member.name)} must have a picture of its name in ${images}, got none`)
    const bare = role in roles ? [...ofImages].find(([name]) => !found.has(name)) : undefined
    if (bare !== undefined) throw broken(file, `the picture ${show(bare[1].member.name)} must have one of its name in ${folder}, got none`)
  }
  return [...ofImages].map(([name, image]) => (
    { image, maps: Object.fromEntries(Object.entries(roles).map(([role, found]) => [role, found.get(name)!])) }))
}

type ByName = Map<string, Placed>

/** By their names without the extension. */
function byName (placed: Placed[]): ByName {
  const found: ByName = new Map()
  for (const one of placed) {
    const name = one.path.replace(/\.[^./]*$/, '')
    const twin = found.get(name)
    if (twin !== undefined) throw broken(one.opened.file, `the member ${show(one.member.name)} must have a name of its own without its extension, got that of ${show(twin.member.name)}`)
    found.set(name, one)
  }
  return found
}

/** Classes that the upload names by numbers must be among those that it names by words. */
function checkNumbers ({ classNames, maskValues, maskColours }: PictureOptions): void {
  if (classNames === undefined) return
  for (const [value, code] of Object.entries({ ...maskValues, ...maskColours })) {
    if (code !== UNLABELLED && code >= classNames.length) {
      throw broken({ path: '', name: 'options' }, `the class of ${value} must be 0 .. ${classNames.length - 1}, as classNames has ${classNames.length}, got ${code}`)
    }
  }
}

/** The numbers of all classes that were told, or else found. */
function nameClasses ({ maskValues, maskColours }: PictureOptions, used: Uint8Array): string[] {
  const told = Object.values({ ...maskValues, ...maskColours }).filter(code => code !== UNLABELLED)
  const found = [...used.keys()].filter(code => used[code] === 1 && code !== UNLABELLED)
  return Array.from({ length: Math.max(-1, ...told, ...found) + 1 }, (_, code) => String(code))
}

/** How many pictures have a pixel of each class. */
function countPictures ({ fields }: IncomingSplit, [height, width]: readonly number[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  const size = height! * width!
  const seenAt = new Float64Array(256).fill(-1)
  let at = 0
  for (const piece of fields.target!()) {
    for (const code of piece) {
      const picture = Math.floor(at++ / size)
      if (code === UNLABELLED || seenAt[code] === picture) continue
      seenAt[code] = picture
      counts[code]!++
    }
  }
  return counts
}
