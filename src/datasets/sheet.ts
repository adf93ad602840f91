/** Chooses the examples of a data set's contact sheet, the first ones of every class; figures/dataset/class-sheet.ts draws them. */
import { nameInFile, readExample, type Example, type RangeReader } from './dataset-file.js'
import type { Description } from './description.js'
import { readHeaderLength, readSafetensorsHeader } from '../storage/safetensors.js'

const PIECE_BYTES = 1024 * 1024
/** Class maps have no list of their classes: so many pictures are looked at. */
const MAPS = 40

/**
 * Reads the examples of a sheet, of the training split.
 * @param perClass    of every class, where there are so many
 * @param mostClasses  classes that are looked for, from the first one
 */
export async function readSheet (
  blobs: RangeReader, opened: { description: Description, blobSha: string }, { perClass = 10, mostClasses = 50 } = {}
): Promise<Example[]> {
  const { fields: { target }, counts: { train } } = opened.description
  const indices = target?.type === 'classes'
    ? await findExamples(blobs, opened, perClass, Math.min(target.names.length, mostClasses))
    : Array.from({ length: Math.min(train, MAPS) }, (_, index) => index)
  const examples: Example[] = []
  for (const index of indices) examples.push(await readExample(blobs, opened, 'train', index))
  return examples
}

/** @returns positions in the split, ascending */
async function findExamples (
  blobs: RangeReader, { description: { counts }, blobSha }: { description: Description, blobSha: string }, perClass: number, classes: number
): Promise<number[]> {
  const headerLength = readHeaderLength(await blobs.readRange(blobSha, 0, 8))
  const { places } = readSafetensorsHeader(await blobs.readRange(blobSha, 0, 8 + headerLength))
  const place = places[nameInFile('train', 'target')]!
  const missing = new Array<number>(classes).fill(perClass)
  let left = classes * perClass
  const found: number[] = []
  for (let at = 0; at < counts.train * 4 && left > 0; at += PIECE_BYTES) {
    const { buffer } = await blobs.readRange(blobSha, place.start + at, Math.min(PIECE_BYTES, counts.train * 4 - at))
    new Int32Array(buffer).forEach((label, i) => {
      if (!(missing[label]! > 0)) return
      missing[label]!--
      left--
      found.push(at / 4 + i)
    })
  }
  return found
}
