/**
 * Training pictures taken apart, with the gradients of their parts at each checkpoint. These depend on no question, so they are
 * kept for the next one, the least recently asked for leaving first: some hundred numbers for a part and checkpoint.
 */
import type { FieldArray } from '../../datasets/dataset.js'
import { UNLABELLED } from '../../datasets/unlabelled.js'
import { sizeOf } from '../../math/arrays.js'
import type { Engine } from '../../tensor/engine.js'
import { outputsOf, trainedOn, type ModelCheckpoint } from '../bundle.js'
import type { Gradients } from '../last-gradients.js'
import type { OpenModel } from '../open-model.js'
import { partGradients, type LearnedMap } from './part-gradients.js'
import { pixelReader } from './pixels.js'
import { describeRegion, partsOf } from './region.js'
import type { ScoredRegion } from './schema.js'

/** How pictures are taken apart. */
export type Parting = 'classes' | 'components'

export interface PartedPicture {
  index: number
  parts: Omit<ScoredRegion, 'score'>[]
  /** positions of the pixels of each part */
  pixels: number[][]
  /** of each part, by the step of a checkpoint */
  gradients: Map<number, Gradients>
}

/** Numbers that are kept for a model: 64 MiB of gradients. */
const KEPT = 2 ** 23

/** By how and which, least recently asked for first. */
const kept = new WeakMap<OpenModel, Map<string, PartedPicture>>()

/** Takes pictures of the training split apart. @returns in their order, with gradients at these checkpoints at least */
export function partedPictures (
  engine: Engine, model: OpenModel,
  { indices, how, checkpoints }: { indices: readonly number[], how: Parting, checkpoints: readonly ModelCheckpoint[] }
): PartedPicture[] {
  const known = kept.get(model) ?? new Map<string, PartedPicture>()
  kept.set(model, known)
  const pictures = indices.map(index => known.get(`${how} ${index}`) ?? takeApart(model, index, how))
  for (const checkpoint of checkpoints) {
    addGradients(engine, model, checkpoint, pictures.filter(({ gradients }) => !gradients.has(checkpoint.step)))
  }
  for (const picture of pictures) {
    known.delete(`${how} ${picture.index}`)
    known.set(`${how} ${picture.index}`, picture)
  }
  forgetOld(known, KEPT)
  return pictures
}

function takeApart (model: OpenModel, index: number, how: Parting): PartedPicture {
  const [height, width] = outputsOf(model.bundle).shape as [number, number]
  const { target } = model.bundle.fields
  const names = target?.type === 'classMap' ? target.names : []
  const parts = partsOf(learnedOf(model, index, height * width), [height, width], how)
  return {
    index,
    parts: parts.map(({ label, pixels }) => ({ label, labelName: names[label] ?? String(label), ...describeRegion(pixels, width) })),
    pixels: parts.map(({ pixels }) => pixels),
    gradients: new Map()
  }
}

/** What was learned of a training picture: its target, and where that has no label the last labelling that its training made. */
function learnedOf ({ view, bundle: { checkpoints } }: OpenModel, index: number, size: number): Uint8Array {
  const labelling = checkpoints.findLast(({ targets }) => targets?.labelling !== undefined)?.targets!.labelling
  const beside = labelling?.data.subarray(index * size, (index + 1) * size)
  const own = Uint8Array.from(view.target.subarray(index * size, (index + 1) * size))
  return own.map((label, p) => label === UNLABELLED ? beside?.[p] ?? UNLABELLED : label)
}

function addGradients (engine: Engine, model: OpenModel, checkpoint: ModelCheckpoint, pictures: readonly PartedPicture[]): void {
  if (pictures.length === 0) return
  const { bundle } = model
  const { inputs } = trainedOn(bundle).dataset.train.arrays
  const width = sizeOf(outputsOf(bundle).inputShape)
  const read = pixelReader(engine, model.networkAt(checkpoint), bundle.preprocessing)
  for (const { index, pixels, gradients } of pictures) {
    const picture = read(inputs!.subarray(index * width, (index + 1) * width))
    gradients.set(checkpoint.step, partGradients(picture, mapsOf(model, checkpoint, index), pixels))
  }
}

/** The maps of a training picture that were learned at a checkpoint, with what each counts. */
function mapsOf ({ view, bundle }: OpenModel, { targets }: ModelCheckpoint, index: number): LearnedMap[] {
  const { dataset: { train }, trainingView: { labelling } } = trainedOn(bundle)
  const size = view.target.length / train.count
  const mapOf = (maps: FieldArray, weight: number): LearnedMap => {
    const labels = maps.subarray(index * size, (index + 1) * size) as LearnedMap['labels']
    return { labels, count: countLabelled(labels), weight }
  }
  const beside = labelling && targets ? [mapOf(targets.labelling!.data as Uint8Array, labelling.weight)] : []
  return [mapOf(view.target, 1), ...beside].filter(({ count }) => count > 0)
}

function countLabelled (labels: LearnedMap['labels']): number {
  let count = 0
  for (let p = 0; p < labels.length; p++) if (labels[p] !== UNLABELLED) count++
  return count
}

/** Keeps a map from first to last within a bound of numbers. */
export function forgetOld (known: Map<string, PartedPicture>, bound: number): void {
  const numbers = ({ pixels, gradients }: PartedPicture) =>
    [...gradients.values()].reduce((sum, { values }) => sum + values.length, pixels.reduce((sum, { length }) => sum + length, 0))
  let all = [...known.values()].reduce((sum, picture) => sum + numbers(picture), 0)
  for (const [key, picture] of known) {
    if (all <= bound) return
    all -= numbers(picture)
    known.delete(key)
  }
}
