/** The pictures of a trial: what is learned from, and what is measured on. */
import type { Accepts } from '../../datasets/accepts.js'
import type { Dataset, DatasetDescription, FieldArray, Split } from '../../datasets/dataset.js'
import type { FieldOf } from '../../datasets/description.js'
import type { Pixels } from '../../datasets/formats/pictures/picture.js'
import { drawAll, STROKES } from '../../datasets/scribbles/draw-all.js'
import type { ScribbleOptions } from '../../datasets/scribbles/spec.js'
import type { RunContext } from '../contract.js'
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

/** Pictures of a split, their whole masks, and of training pictures what is known of these. */
export interface Pictures {
  count: number
  /** [count, height, width, channels] */
  inputs: FieldArray
  /** [count, height, width] */
  masks: Uint8Array
  scribbles: Uint8Array
}

/** Opens training pictures with their scribbles, and test pictures. Strokes are drawn from the trial's seed, the same for all methods. */
export function openPictures (spec: SegmentationSpec, dataset: Dataset, random: RunContext['random']): { train: Pictures, test: Pictures } {
  const shape = shapeOf(spec, dataset)
  const train = first(dataset.train, shape.train)
  const test = first(dataset.test, shape.test)
  if (spec.scribbles.type === 'stored') {
    const isThere = dataset.fields.scribbles !== undefined // with full supervision the masks are what is known
    return { train: { ...train, scribbles: isThere ? firstOf(dataset.train, 'scribbles', shape.train) : train.masks }, test }
  }
  const [height, width] = shape.inputShape as [number, number]
  return { train: { ...train, scribbles: drawAll(train.masks, [height, width], strokesOf(spec.scribbles), i => random(STROKES, i)) }, test }
}

/** What the pictures of a trial are scribbled on with. */
export function strokesOf ({ lengths: [length], width, regions }: Extract<Scribbles, { type: 'drawn' }>): ScribbleOptions {
  return { length: length!, width, regions }
}

/** One of them, as cuts see it. */
export function pictureAt ({ inputs, scribbles }: Pictures, i: number, [height, width, channels]: readonly number[]): Picture {
  const size = height! * width!
  return {
    pixels: {
      height: height!, width: width!, channels: channels as Pixels['channels'], data: (inputs as Uint8Array).subarray(i * size * channels!, (i + 1) * size * channels!)
    },
    scribbles: scribbles.subarray(i * size, (i + 1) * size)
  }
}

function first (split: Split, count: number): Pictures {
  const masks = firstOf(split, 'target', count)
  return { count, inputs: split.arrays.inputs!.subarray(0, count * (split.arrays.inputs!.length / split.count)), masks, scribbles: masks }
}

function firstOf ({ arrays, count: all }: Split, field: string, count: number): Uint8Array {
  const values = arrays[field] as Uint8Array
  return values.subarray(0, all === 0 ? 0 : count * (values.length / all))
}
