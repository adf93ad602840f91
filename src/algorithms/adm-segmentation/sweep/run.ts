/**
 * One trial that trains nothing: what a boundary costs in every place, picture by picture, and from where plain descent would find
 * the true one. As the synthetic example in one dimension of Marin, Tang, Ben Ayed, Boykov 2019, arXiv 1809.02322. Next hops:
 * curve.ts sums the costs, basin.ts descends on them.
 */
import { UNLABELLED } from '../../../datasets/unlabelled.js'
import type { Dataset } from '../../../datasets/dataset.js'
import type { FieldOf } from '../../../datasets/description.js'
import type { Pixels } from '../../../datasets/formats/pictures/picture.js'
import { AppError } from '../../../errors.js'
import { meanOf } from '../../../math/mean.js'
import type { RunContext, RunEvent, TrialDefinition } from '../../contract.js'
import { createProgress, type ProgressState } from '../../kit/progress.js'
import type { SegmentationSpec } from '../spec.js'
import { measureBasin, toMeans } from './basin.js'
import { curveOf, type Sweep } from './curve.js'
import { SHOWN, type SweepResult } from './result.js'
import { sweptPictures, workOf } from './work.js'

/** Pictures that are done, and how far it is; JSON. */
interface Saved { found: Omit<SweepResult, 'outcome'>, progress: ProgressState }

/** Runs one trial. The spec has one method, a sweep. */
export async function * runSweep ({ spec }: TrialDefinition<SegmentationSpec>, context: RunContext): AsyncGenerator<RunEvent, SweepResult> {
  const dataset = context.data.data!
  const count = sweptPictures(spec, dataset)
  const saved = structuredClone(context.resume?.values) as unknown as Saved | undefined
  const found = saved?.found ?? { pictures: [], curves: [] }
  const progress = createProgress(workOf(spec, dataset), saved?.progress)
  const boundary = (): RunEvent => ({
    type: 'boundary',
    step: found.pictures.length,
    snapshot: () => ({ values: structuredClone({ found, progress: progress.state }), arrays: {} })
  })

  for (let i = found.pictures.length; i < count; i++) {
    const { pixels, edge } = openPicture(dataset, i)
    const parts = curveOf(pixels, spec.methods[0] as Sweep)
    let part = parts.next()
    for (; !part.done; part = parts.next()) yield boundary() // which goes on from the picture's beginning
    const curve = toMeans(part.value)
    const basin = measureBasin(curve, edge)
    found.pictures.push({ edge, ...basin })
    if (i < SHOWN) found.curves.push({ levels: levelsOf(pixels), costs: [...curve] })
    yield { type: 'metrics', step: i + 1, values: { ...basin } }
    yield * progress.add(curve.length)
    yield boundary()
  }
  return { outcome: 'swept', ...found }
}

/** A training picture, and the first column of class 1. @throws AppError unmeasurable for a mask that is not two regions side by side */
function openPicture ({ fields, train }: Dataset, i: number): { pixels: Pixels, edge: number } {
  const [height, width, channels] = (fields.inputs as FieldOf<'image'>).shape as [number, number, Pixels['channels']]
  const size = height * width
  const mask = (train.arrays.target as Uint8Array).subarray(i * size, (i + 1) * size)
  const edge = mask.indexOf(1)
  if (edge < 1 || mask.some((label, p) => label === UNLABELLED || label !== Number(p % width >= edge))) {
    throw new AppError('unmeasurable', `For a sweep the mask of training picture ${i} must be class 0 left of one column and class 1 from it`)
  }
  const data = (train.arrays.inputs as Uint8Array).subarray(i * size * channels, (i + 1) * size * channels)
  return { pixels: { height, width, channels, data }, edge }
}

/** By column. */
function levelsOf ({ data, width, channels }: Pixels): number[] {
  return Array.from({ length: width }, (_, x) => meanOf(data.filter((_, at) => Math.floor(at / channels) % width === x)))
}
