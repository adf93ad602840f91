/**
 * The IDX format of MNIST and its kin: two zero bytes, a type, the number of axes, their sizes (32 bit, big-endian),
 * then the numbers. Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits". Pixels go from the file
 * to a spool; only labels lie in memory.
 */
import { Type } from '../../schema/type.js'
import { sizeOf } from '../../math/arrays.js'
import { AppError } from '../../errors.js'
import { numberedClasses } from '../classes.js'
import { readUploaded } from '../files.js'
import { toInputs, type Fields } from '../description.js'
import { inMemory, type IncomingDataset, type IncomingSplit, type ReadContext } from '../dataset-file.js'
import { broken, type Tally, type UploadedFile } from '../limits.js'
import { openSpool } from '../spool.js'
import { cutTest, type SplitOptions } from '../split.js'
import { defineFormat, type FilesOf } from './format.js'

type Role = 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels'

export const idx = defineFormat({
  name: 'idx',
  description: 'MNIST’s format, plain or gzip',
  files: {
    trainImages: 'images, magic 0x803 or 0x804',
    trainLabels: 'labels, magic 0x801',
    testImages: 'images of the test split',
    testLabels: 'labels of the test split'
  },
  needed: ['trainImages', 'trainLabels'],
  together: ['testImages', 'testLabels'],
  tests: ['testImages', 'testLabels'],
  options: Type.Object({
    classes: Type.Optional(Type.Integer({ minimum: 2, maximum: 1_000_000, description: 'number of classes, 0 .. classes - 1; the largest label and one when left out' }))
  }),
  prepare: prepareIdx
})

const UINT8 = 0x08
const MAX_AXES = 4

/**
 * Makes a data set of IDX files. Images are [n, height, width], [n, height, width, channels] or [n, features].
 * Without test files a test split is cut off.
 * @throws AppError invalid_dataset naming the file and the rule
 */
export async function prepareIdx (
  files: FilesOf<Role>, options: SplitOptions & { classes?: number }, context: ReadContext
): Promise<IncomingDataset> {
  const trainImages = files.trainImages!
  const trainLabels = files.trainLabels!
  if ((files.testImages === undefined) !== (files.testLabels === undefined)) {
    throw new AppError('invalid_dataset', 'testImages and testLabels must come together, got only one of them')
  }
  const { labels, split: all, inputShape } = await readSplit(trainImages, trainLabels, options.classes, context)
  const classes = options.classes ?? countClasses(labels)
  if (classes < 2) throw broken(trainLabels, `labels must have 2 classes or more, got ${classes}`)
  context.tally.checkClasses(trainLabels, classes)
  const fields: Fields = { inputs: toInputs(inputShape, 'uint8'), target: numberedClasses(classes) }
  const finish = ({ train, test }: { train: IncomingSplit, test: IncomingSplit }): IncomingDataset => (
    { description: { fields, counts: { train: train.count, test: test.count } }, train, test })
  if (files.testImages === undefined || files.testLabels === undefined) return finish(cutTest(all, fields, options))
  const test = await readSplit(files.testImages, files.testLabels, classes, context)
  if (String(test.inputShape) !== String(inputShape)) {
    throw broken(files.testImages, `an input must have the shape [${inputShape}] of the training inputs, got [${test.inputShape}]`)
  }
  return finish({ train: all, test: test.split })
}

async function readSplit (
  imageFile: UploadedFile, labelFile: UploadedFile, classes: number | undefined, { folder, tally }: ReadContext
): Promise<{ labels: Int32Array, split: IncomingSplit, inputShape: number[] }> {
  const labels = await readLabels(labelFile, tally)
  if (classes !== undefined) checkRange(labels, classes, labelFile)
  const spool = openSpool(folder)
  let axes: number[] = []
  const open = (shape: number[]): void => { axes = checkImages(shape, imageFile, labels, labelFile, tally) }
  for await (const piece of readIdx(imageFile, tally, open)) spool.write(piece)
  const inputShape = axes.length === 2 ? [...axes, 1] : axes
  return { labels, split: { count: labels.length, fields: { inputs: spool.finish(), target: inMemory(labels) } }, inputShape }
}

async function readLabels (file: UploadedFile, tally: Tally): Promise<Int32Array> {
  let labels = new Int32Array(0)
  let next = 0
  function open (shape: number[]): void {
    if (shape.length !== 1) throw broken(file, `labels must have 1 axis, got [${shape}]`)
    tally.addRows(file, shape[0]!)
    labels = new Int32Array(shape[0]!)
  }
  for await (const piece of readIdx(file, tally, open)) {
    labels.set(piece, next)
    next += piece.length
  }
  return labels
}

/** @returns the axes of one image */
function checkImages (shape: number[], file: UploadedFile, labels: Int32Array, labelFile: UploadedFile, tally: Tally): number[] {
  const [count, ...axes] = shape
  if (axes.length === 0) throw broken(file, `images must have 2 axes or more, got [${shape}]`)
  if (labels.length !== count) throw broken(labelFile, `there must be a label for each of the ${count} images of ${JSON.stringify(file.name)}, got ${labels.length}`)
  tally.addCells(file, sizeOf(shape))
  return axes
}

/**
 * Reads an IDX file of bytes.
 * @param check  is told the shape, the example axis first, before any number is read; it may throw
 * @returns the numbers by the piece
 * @throws AppError invalid_dataset naming the file and the rule
 */
export async function * readIdx (file: UploadedFile, tally: Tally, check: (shape: number[]) => void): AsyncGenerator<Uint8Array> {
  let head = Buffer.alloc(0)
  let shape: number[] | undefined
  let missing = 0
  for await (let piece of readUploaded(file, tally)) {
    if (shape === undefined) {
      head = Buffer.concat([head, piece])
      shape = readHeader(head, file)
      if (shape === undefined) continue
      check(shape)
      missing = sizeOf(shape)
      piece = head.subarray(beginOf(shape.length))
    }
    missing -= piece.length
    if (missing < 0) throw broken(file, `[${shape}] must have ${sizeOf(shape)} bytes of data, got more`)
    yield piece
  }
  if (shape === undefined) throw broken(file, explainShort(head))
  if (missing > 0) throw broken(file, `[${shape}] must have ${sizeOf(shape)} bytes of data, got ${sizeOf(shape) - missing}`)
}

/** @returns the shape, undefined while the header is not there in full */
function readHeader (bytes: Buffer, file: UploadedFile): number[] | undefined {
  if (bytes.length < 4) return undefined
  const [zero, zeroToo, type = 0, axes = 0] = bytes
  if (zero !== 0 || zeroToo !== 0) throw broken(file, explainShort(bytes))
  if (type !== UINT8) throw broken(file, `the type must be 08 (uint8), got ${Buffer.of(type).toString('hex')}`)
  if (axes < 1 || axes > MAX_AXES) throw broken(file, `the number of axes must be 1 .. ${MAX_AXES}, got ${axes}`)
  if (bytes.length < beginOf(axes)) return undefined
  const shape = Array.from({ length: axes }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis))
  if (shape.includes(0)) throw broken(file, `every axis must have 1 element or more, got [${shape}]`)
  return shape
}

function beginOf (axes: number): number {
  return 4 + 4 * axes
}

function explainShort (bytes: Buffer): string {
  if (bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0) return `the header must have ${beginOf(bytes[3]!)} bytes, got ${bytes.length}`
  return `the magic number must begin with 00 00, got ${bytes.toString('hex', 0, 4) || 'an empty file'}`
}

function checkRange (labels: Int32Array, classes: number, file: UploadedFile): void {
  const at = labels.findIndex(label => label >= classes)
  if (at >= 0) throw broken(file, `label ${at} must be 0 .. ${classes - 1}, got ${labels[at]}`)
}

function countClasses (labels: Int32Array): number {
  return labels.reduce((max, label) => Math.max(max, label), 0) + 1
}
