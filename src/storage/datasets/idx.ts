/**
 * The IDX format of MNIST and its kin: two zero bytes, a type, the number of axes, their sizes (32 bit, big-endian),
 * then the numbers. Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
 */
import { sizeOf } from '../../arrays.js'
import type { Split } from '../../dataset.js'
import { AppError } from '../../errors.js'
import { broken, readUploaded, type UploadedFile } from './files.js'
import { encodeDataset, type PreparedDataset } from './format.js'
import { cutTest, type SplitOptions } from './split.js'

export interface IdxFiles {
  trainImages: UploadedFile
  trainLabels: UploadedFile
  testImages?: UploadedFile | undefined
  testLabels?: UploadedFile | undefined
  options?: (SplitOptions & { classes?: number }) | undefined
}

interface Idx { shape: number[], data: Uint8Array }

const UINT8 = 0x08
const MOST_AXES = 4

/**
 * Makes a data set of IDX files. Images are [n, height, width], [n, height, width, channels] or [n, features].
 * Without test files a test split is cut off.
 * @throws AppError invalid_dataset naming the file and the rule
 */
export async function prepareIdx (files: IdxFiles): Promise<PreparedDataset> {
  const { options = {} } = files
  if ((files.testImages === undefined) !== (files.testLabels === undefined)) {
    throw new AppError('invalid_dataset', 'testImages and testLabels must come together, got only one of them')
  }
  const train = await readSplit(files.trainImages, files.trainLabels, options.classes)
  const classes = options.classes ?? countClasses(train.split.labels)
  if (classes < 2) throw broken(files.trainLabels, `labels must have 2 classes or more, got ${classes}`)
  const names = Array.from({ length: classes }, (_, label) => String(label))
  if (files.testImages === undefined || files.testLabels === undefined) {
    const cut = cutTest(train.split, sizeOf(train.inputShape), options)
    return encodeDataset(train.inputShape, names, cut.train, cut.test)
  }
  const test = await readSplit(files.testImages, files.testLabels, classes)
  if (String(test.inputShape) !== String(train.inputShape)) {
    throw broken(files.testImages, `an input must have the shape [${train.inputShape}] of the training inputs, got [${test.inputShape}]`)
  }
  return encodeDataset(train.inputShape, names, train.split, test.split)
}

/**
 * Reads an IDX file of bytes.
 * @returns shape with the example axis first
 * @throws AppError invalid_dataset naming the file and the rule
 */
export function parseIdx (bytes: Uint8Array, file: UploadedFile): Idx {
  const [zero, zeroToo, type, axes = 0] = bytes
  if (bytes.length < 4 || zero !== 0 || zeroToo !== 0) {
    throw broken(file, `the magic number must begin with 00 00, got ${Buffer.from(bytes.subarray(0, 4)).toString('hex') || 'an empty file'}`)
  }
  if (type !== UINT8) throw broken(file, `the type must be 08 (uint8), got ${Buffer.from([type ?? 0]).toString('hex')}`)
  if (axes < 1 || axes > MOST_AXES) throw broken(file, `the number of axes must be 1 .. ${MOST_AXES}, got ${axes}`)
  const begin = 4 + 4 * axes
  if (bytes.length < begin) throw broken(file, `the header must have ${begin} bytes, got ${bytes.length}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis))
  if (shape.includes(0)) throw broken(file, `every axis must have 1 element or more, got [${shape}]`)
  if (bytes.length - begin !== sizeOf(shape)) throw broken(file, `[${shape}] must have ${sizeOf(shape)} bytes of data, got ${bytes.length - begin}`)
  return { shape, data: bytes.subarray(begin) }
}

async function readSplit (
  imageFile: UploadedFile, labelFile: UploadedFile, classes: number | undefined
): Promise<{ split: Split, inputShape: number[] }> {
  const images = parseIdx(await readUploaded(imageFile), imageFile)
  const labels = parseIdx(await readUploaded(labelFile), labelFile)
  if (images.shape.length < 2) throw broken(imageFile, `images must have 2 axes or more, got [${images.shape}]`)
  if (labels.shape.length !== 1) throw broken(labelFile, `labels must have 1 axis, got [${labels.shape}]`)
  const [count = 0, ...axes] = images.shape
  if (labels.data.length !== count) throw broken(labelFile, `there must be a label for each of the ${count} images of ${JSON.stringify(imageFile.name)}, got ${labels.data.length}`)
  if (classes !== undefined) checkRange(labels.data, classes, labelFile)
  const inputShape = axes.length === 2 ? [...axes, 1] : axes
  return { split: { inputs: images.data, labels: Int32Array.from(labels.data), count }, inputShape }
}

function checkRange (labels: Uint8Array, classes: number, file: UploadedFile): void {
  const at = labels.findIndex(label => label >= classes)
  if (at >= 0) throw broken(file, `label ${at} must be 0 .. ${classes - 1}, got ${labels[at]}`)
}

function countClasses (labels: Int32Array): number {
  return labels.reduce((most, label) => Math.max(most, label), 0) + 1
}
