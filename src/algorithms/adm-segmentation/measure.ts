/** What a network's labellings are worth: overlap with the masks, boundaries, scribbles, energies. */
import { UNLABELLED } from '../../datasets/unlabelled.js'
import { energyOf } from '../../graphcut/energy.js'
import { meanOf } from '../../math/mean.js'
import { weighContrast } from '../../segmentation/contrast.js'
import { countBoundaries, countConfusion, measureAgreement, measureBoundaries, type Agreement } from '../../segmentation/measures.js'
import { mapAt, within, type Pictures } from './data.js'
import type { SegmentationResult } from './result.js'
import type { TrialState } from './trial-state.js'
import { argmaxOf } from './x-step/x-step.js'

type Point = SegmentationResult['points'][number]

export interface Energies { predicted: number, truth: number, x: number | undefined }

/** Discrete energies of the training pictures: of the grid CRF with 8 neighbours and lambda 1, means over pictures. */
export function * energiesOf (trial: TrialState, onTrain: Uint8Array): Generator<void, Energies> {
  const { train, labels, pixels, pictureAt } = trial
  const { count, masks } = train
  const sums = { predicted: 0, truth: 0, x: 0 }
  const unary = new Float64Array(labels * pixels)
  for (let i = 0; i < count; i++) {
    const { pixels: picture } = pictureAt(i)
    const { weights } = weighContrast(picture, { neighbours: 8, lambda: 1 })
    const problem = { shape: { width: picture.width, height: picture.height, neighbours: 8 as const }, labels, unary, weights }
    const of = (labelling: Uint8Array) => energyOf(problem, labelling).pairs
    sums.predicted += of(mapAt(train, i, onTrain))
    sums.truth += of(withoutGaps(mapAt(train, i, masks)))
    const x = labellingOf(trial, i)
    if (x) sums.x += of(x)
    if (i % 16 === 15) yield
  }
  return { predicted: sums.predicted / count, truth: sums.truth / count, x: hasX(trial) ? sums.x / count : undefined }
}

/** Pixels without a label have an energy only with one: the first. */
function withoutGaps (mask: Uint8Array): Uint8Array {
  return mask.includes(UNLABELLED) ? mask.map(label => label === UNLABELLED ? 0 : label) : mask
}

/** Whether the method has labellings X, and they are found by now. */
function hasX ({ beside, isWarm, column }: TrialState): boolean {
  return beside?.name === 'shares' && isWarm() && column.some(share => share > 0)
}

/** X of a training picture, at its own size; undefined where there is none. */
export function labellingOf (trial: TrialState, i: number): Uint8Array | undefined {
  const { beside, column, labels, train } = trial
  if (beside?.name !== 'shares') return undefined
  const row = column.subarray(i * beside.width, (i + 1) * beside.width)
  return row.some(share => share > 0) ? within(train, i, argmaxOf(row, labels)) : undefined
}

export interface Tested { all: Agreement, boundaryF: number, pictures: (number | null)[][] }

/** Pictures: all together, and one by one. @param said [count, height, width] */
export function measureAll (
  { labels, pixels, architecture: { inputShape: [height, width] } }: TrialState, { count, masks }: Pictures, said: Uint8Array
): Tested {
  const all = new Float64Array(labels ** 2)
  const scores: number[] = []
  const pictures: (number | null)[][] = []
  for (let i = 0; i < count; i++) {
    const [mask, labelling] = [masks.subarray(i * pixels, (i + 1) * pixels), said.subarray(i * pixels, (i + 1) * pixels)]
    countConfusion(labelling, mask, labels, all)
    scores.push(measureBoundaries(countBoundaries(labelling, mask, [height!, width!])).f)
    pictures.push(nullable(measureAgreement(countConfusion(labelling, mask, labels), labels).iou))
  }
  return { all: measureAgreement(all, labels), boundaryF: meanOf(scores), pictures }
}

/** A class that is in neither map has no overlap. */
function nullable (iou: number[]): (number | null)[] {
  return iou.map(value => Number.isNaN(value) ? null : value)
}

interface Measured { epoch: number, onTrain: Uint8Array, energies: Energies, tested: Tested, trained: Tested }

/** Joins it all. Scribbles of which there are none are all read rightly. */
export function pointOf (trial: TrialState, { epoch, onTrain, energies, tested: { all, boundaryF }, trained }: Measured): Point {
  const { train: { scribbles }, labels } = trial
  const { predicted, x } = energies
  const onScribbles = measureAgreement(countConfusion(onTrain, scribbles, labels), labels).accuracy
  return {
    epoch,
    meanIoU: all.meanIou,
    trainIoU: trained.all.meanIou,
    classIoU: nullable(all.iou),
    pixelAccuracy: all.accuracy,
    boundaryF,
    scribbleAccuracy: Number.isNaN(onScribbles) ? 1 : onScribbles,
    pottsEnergy: predicted,
    gap: x === undefined ? null : predicted - x,
    disagreement: x === undefined ? null : disagreementOf(trial, onTrain)
  }
}

function disagreementOf (trial: TrialState, onTrain: Uint8Array): number {
  const { train } = trial
  let [differing, seen] = [0, 0]
  for (let i = 0; i < train.count; i++) {
    const x = labellingOf(trial, i)
    if (!x) continue
    const said = mapAt(train, i, onTrain)
    seen += x.length
    for (let p = 0; p < x.length; p++) differing += Number(x[p] !== said[p])
  }
  return seen === 0 ? 0 : differing / seen
}
