/** Pictures in a folder for each class. The names of the folders, sorted (as numbers if all are), are the classes. */
import { inMemory, type IncomingDataset, type IncomingSplit, type ReadContext } from '../../dataset-file.js'
import type { Fields } from '../../description.js'
import { broken, show } from '../../limits.js'
import { cutTest, type SplitOptions } from '../../split.js'
import { surveyDataset } from '../../survey.js'
import type { Layout, Placed } from './layout.js'
import type { PictureOptions } from './options.js'
import { openPixels, type PixelSpool } from './pixel-spool.js'
import { openReader, type PictureReader } from './reader.js'

/**
 * Makes a data set of pictures by class.
 * @throws AppError invalid_dataset naming the picture or the folder, and the rule
 */
export async function readByClass (layout: Layout, options: PictureOptions & SplitOptions, context: ReadContext): Promise<IncomingDataset> {
  const names = findClasses(layout, context)
  const codes = new Map(names.map((name, code) => [name, code]))
  const reader = openReader(options, context.helpers)
  const read = async (placed: Placed[]) => (
    await readSplit(placed, codes, reader, openPixels(context.folder, options.colour, context.tally), context))
  const train = await read(layout.train)
  const test = layout.test === undefined ? undefined : await read(layout.test)
  const channels = test?.pixels.channels() === 3 ? 3 : train.pixels.channels()
  const fields: Fields = {
    inputs: { type: 'image', shape: [...reader.size()!, channels], dtype: 'uint8' }, target: { type: 'classes', names }
  }
  const toSplit = ({ pixels, labels }: typeof train): IncomingSplit => (
    { count: labels.length, fields: { inputs: pixels.finish(channels), target: inMemory(labels) } })
  const splits = test === undefined ? cutTest(toSplit(train), fields, options) : { train: toSplit(train), test: toSplit(test) }
  const dataset: IncomingDataset = { description: { fields, counts: { train: splits.train.count, test: splits.test.count } }, ...splits }
  const report = surveyDataset(dataset)
  const warnings = [...layout.warnings, ...reader.warnings(), ...report.warnings]
  return { ...dataset, report: { ...report, skipped: layout.skipped, warnings } }
}

async function readSplit (
  placed: Placed[], codes: Map<string, number>, reader: PictureReader, pixels: PixelSpool, { tally }: ReadContext
): Promise<{ pixels: PixelSpool, labels: Int32Array }> {
  const labels = new Int32Array(placed.length)
  let next = 0
  for await (const { decoded } of reader.read(placed.map(image => ({ image, maps: {} })))) {
    const { opened: { file }, folder } = placed[next]!
    tally.addRows(file, 1)
    pixels.add(file, decoded.pixels)
    labels[next++] = codes.get(folder)!
  }
  return { pixels, labels }
}

function findClasses ({ train, test, folders }: Layout, { tally }: ReadContext): string[] {
  const { file } = train[0]!.opened
  const names = sortNames([...new Set(train.map(({ folder }) => folder))])
  const known = new Set(names)
  const empty = folders.find(folder => !known.has(folder))
  if (empty !== undefined) throw broken(file, `the folder ${show(empty)} must have a picture of its class to train on, got none; leave it out of the archive`)
  if (names.length < 2) throw broken(file, `there must be folders of 2 classes or more, got ${names.map(show).join(', ')}`)
  tally.checkClasses(file, names.length)
  const stranger = test?.find(({ folder }) => !known.has(folder))
  if (stranger !== undefined) {
    throw broken(stranger.opened.file, `the folder ${show(stranger.folder)} of the test split must be a class of the training split, which has ${sayNames(names)}`)
  }
  return names
}

function sortNames (names: string[]): string[] {
  return names.every(name => /^\d{1,15}$/.test(name)) ? names.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1)) : names.sort()
}

function sayNames (names: string[]): string {
  return names.slice(0, 20).map(show).join(', ') + (names.length > 20 ? `, ... (${names.length})` : '')
}
