/** The pictures of a trial: what is learned from, and what is measured on. */
import type { Accepts } from '../../datasets/accepts.js'
import type { Dataset, DatasetDescription, FieldArray, Preprocessing, Split } from '../../datasets/dataset.js'
import type { FieldOf } from '../../datasets/description.js'
import { EXTENT, readExtents } from '../../datasets/extent.js'
import type { Pixels } from '../../datasets/formats/pictures/picture.js'
import { drawAll, STROKES } from '../../datasets/scribbles/draw-all.js'
import type { ScribbleOptions } from '../../datasets/scribbles/spec.js'
import { cutWindow, type Size, type Window } from '../../math/windows.js'
import type { RunContext } from '../contract.js'
import { preprocessingOf } from '../kit/preprocessing.js'
import type { Scribbles, SegmentationSpec } from './spec.js'
import type { Picture } from './x-step/x-step.js'

export const pictured = { inputs: ['image'], target: ['classMap'] } as const satisfies Accepts
export const scribbled = { ...pictured, scribbles: ['classMap'] } as const satisfies Accepts

/** What is known of the data before they are read. */
export interface Shape { inputShape: number[], classes: string[], train: number, test: number }

/** Describes what a spec takes of a data set of pictures and class maps. */
export function shapeOf (
  { trainExamples = Infinity, testExamples = Infinity }: SegmentationSpec, { fields, counts }: DatasetDescription
): Shape {
  return {
    inputShape: (fields.inputs as FieldOf<'image'>).shape,
    classes: (fields.target as FieldOf<'classMap'>).names,
    train: Math.min(trainExamples, counts.train),
    test: Math.min(testExamples, counts.test)
  }
}

/** Of what a step sees of a picture, [height, width, channels]. */
export function seenShape ({ crop }: Pick<SegmentationSpec, 'crop'>, { inputShape }: Pick<Shape, 'inputShape'>): number[] {
  return [...crop ?? inputShape.slice(0, 2), inputShape[2]!]
}

/** Pictures of a split, their whole masks, and of training pictures what is known of these. */
export interface Pictures {
  count: number
  /** [count, height, width, channels] */
  inputs: FieldArray
  /** [count, height, width] */
  masks: Uint8Array
  scribbles: Uint8Array
  /** of pictures and maps, [height, width] */
  frame: Size
  /** where in it each picture lies: what is outside takes no part */
  extents: Window[]
}

/** Opens training pictures with their scribbles, and test pictures. Strokes are drawn from the trial's seed, the same for all methods. */
export function openPictures (spec: SegmentationSpec, dataset: Dataset, random: RunContext['random']): { train: Pictures, test: Pictures } {
  const shape = shapeOf(spec, dataset)
  const [height, width] = shape.inputShape as [number, number]
  const train = first(dataset.train, shape.train, [height, width])
  const test = first(dataset.test, shape.test, [height, width])
  if (spec.scribbles.type === 'stored') {
    const isThere = dataset.fields.scribbles !== undefined // with full supervision the masks are what is known
    return { train: { ...train, scribbles: isThere ? firstOf(dataset.train, 'scribbles', shape.train) : train.masks }, test }
  }
  return { train: { ...train, scribbles: drawAll(train.masks, [height, width], strokesOf(spec.scribbles), i => random(STROKES, i)) }, test }
}

/** What the pictures of a trial are scribbled on with. */
export function strokesOf ({ lengths: [length], width, regions }: Extract<Scribbles, { type: 'drawn' }>): ScribbleOptions {
  return { length: length!, width, regions }
}

/** One of them, as cuts see it: at its own size. */
export function pictureAt (pictures: Pictures, i: number): Picture {
  const { inputs, scribbles, count, masks, extents } = pictures
  const channels = inputs.length / masks.length as Pixels['channels']
  const size = inputs.length / count
  const { height, width } = extents[i]!
  return {
    pixels: { height, width, channels, data: within(pictures, i, (inputs as Uint8Array).subarray(i * size, (i + 1) * size)) },
    scribbles: mapAt(pictures, i, scribbles)
  }
}

/** A labelling of one of them, at its own size. @param maps of all, [count, height, width] */
export function mapAt (pictures: Pictures, i: number, maps: Uint8Array): Uint8Array {
  const size = pictures.masks.length / pictures.count
  return within(pictures, i, maps.subarray(i * size, (i + 1) * size))
}

/** What of the numbers of a picture's frame is in the picture. @param values [height, width] or with an axis more */
export function within<T extends Uint8Array | Float32Array> ({ frame, extents }: Pictures, i: number, values: T): T {
  const extent = extents[i]!
  if (fills(extent, frame)) return values
  const numbers = values.length / (frame[0] * frame[1])
  const own = new (values.constructor as new (length: number) => T)(extent.height * extent.width * numbers)
  cutWindow(values, { maps: 1, size: frame, numbers }, extent, own)
  return own
}

/** Whether a picture has all of its frame. */
export function fills ({ height, width }: Window, frame: Size): boolean {
  return height === frame[0] && width === frame[1]
}

/** Measures the preprocessing on the training pictures, without what is around them. */
export function measurePreprocessing ({ scaling }: SegmentationSpec, { fields, train }: Dataset, pictures: Pictures): Preprocessing {
  const { count, inputs } = pictures
  if (!(EXTENT in fields)) return preprocessingOf(scaling, { fields, train }, { count })
  const size = inputs.length / count
  const own = pictures.extents.map((_, i) => within(pictures, i, (inputs as Uint8Array).subarray(i * size, (i + 1) * size)))
  return preprocessingOf(scaling, { fields, train: { count: 1, arrays: { inputs: Buffer.concat(own) } } })
}

function first (split: Split, count: number, frame: Size): Pictures {
  const masks = firstOf(split, 'target', count)
  const inputs = split.arrays.inputs!.subarray(0, count * (split.arrays.inputs!.length / split.count))
  return { count, inputs, masks, scribbles: masks, frame, extents: readExtents(split, count, frame) }
}

function firstOf ({ arrays, count: all }: Split, field: string, count: number): Uint8Array {
  const values = arrays[field] as Uint8Array
  return values.subarray(0, all === 0 ? 0 : count * (values.length / all))
}
