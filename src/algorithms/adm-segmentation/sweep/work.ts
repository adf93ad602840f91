/** Which specs are sweeps, and how much work a trial of one is. Pure. */
import type { DatasetDescription } from '../../../datasets/dataset.js'
import type { FieldOf } from '../../../datasets/description.js'
import { sizeOf } from '../../../math/arrays.js'
import type { Needs } from '../../contract.js'
import type { SegmentationSpec } from '../spec.js'

/** Pixels of a picture whose pairs are all summed: 1,024 columns take 5 s of a core. */
export const MOST_PIXELS = 1024

/** Whether a spec trains nothing. A spec that passed the check has sweeps alone, or none. */
export function isSweep ({ methods }: Pick<SegmentationSpec, 'methods'>): boolean {
  return methods[0]!.type === 'sweep'
}

/** Training pictures of a trial. */
export function sweptPictures ({ trainExamples = Infinity }: SegmentationSpec, { counts }: DatasetDescription): number {
  return Math.min(trainExamples, counts.train)
}

/** Positions of all pictures: the `of` of the progress. */
export function workOf (spec: SegmentationSpec, data: DatasetDescription): number {
  return sweptPictures(spec, data) * (shapeOf(data)[1]! - 1)
}

/** What a trial takes of a lane. */
export function needsOfSweep (spec: SegmentationSpec, data: DatasetDescription): Needs {
  const bytes = sweptPictures(spec, data) * sizeOf(shapeOf(data)) + 8 * MOST_PIXELS ** 2
  return { slots: 1, threads: 1, device: 'any', engine: 'float64', crew: 1, deterministic: true, estimate: { steps: workOf(spec, data), bytes } }
}

/** [height, width, channels] */
export function shapeOf ({ fields }: DatasetDescription): number[] {
  return (fields.inputs as FieldOf<'image'>).shape
}
