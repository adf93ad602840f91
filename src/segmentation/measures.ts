/** How well a segmentation agrees with the truth: shares of pixels by their classes, and how near its boundaries lie. */
import { UNLABELLED } from '../datasets/unlabelled.js'
import { meanOf } from '../math/mean.js'

/**
 * Counts pixels by what they are and what they were taken for; pictures add up when their counts do.
 * @param predicted classes, 0 .. classes - 1
 * @param truth     the same, or UNLABELLED: such pixels count for nothing
 * @param into      [classes, classes], added to: row the truth, column the prediction
 */
export function countConfusion (
  predicted: ArrayLike<number>, truth: ArrayLike<number>, classes: number, into = new Float64Array(classes ** 2)
): Float64Array {
  for (let pixel = 0; pixel < truth.length; pixel++) {
    if (truth[pixel] !== UNLABELLED) into[truth[pixel]! * classes + predicted[pixel]!]!++
  }
  return into
}

/** What a confusion says. */
export interface Agreement {
  /** share of the pixels that have their true class; NaN without pixels */
  accuracy: number
  /** intersection over union of each class: of the pixels that have it or were given it, those that are both; NaN where there are none */
  iou: number[]
  /** mean of iou over the classes that the truth or the prediction has: those that neither has are skipped, and do not count as 1 */
  meanIou: number
}

/** Sums up a confusion. @param confusion [classes, classes], as countConfusion() has it */
export function measureAgreement (confusion: Float64Array, classes: number): Agreement {
  const [is, given, both] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)]
  for (let truth = 0; truth < classes; truth++) {
    for (let prediction = 0; prediction < classes; prediction++) {
      const count = confusion[truth * classes + prediction]!
      is[truth]! += count
      given[prediction]! += count
      if (truth === prediction) both[truth]! += count
    }
  }
  const iou = Array.from(both, (count, label) => count / (is[label]! + given[label]! - count))
  return { accuracy: meanOf(both) / meanOf(is), iou, meanIou: meanOf(iou.filter(one => !Number.isNaN(one))) }
}

/** Boundary pixels of a prediction and of the truth, and how many of each have one of the other near. */
export interface BoundaryCounts { predicted: number, predictedNear: number, true: number, trueNear: number }

/**
 * Counts the boundary pixels of a picture: those whose right or lower neighbour has another class. One of them is near when the
 * other map has one within a distance.
 * @param predicted [height, width], classes
 * @param truth     the same, or UNLABELLED: pixels without a label are of no boundary, and neither are their neighbours on that side
 * @param tolerance the distance in pixels, the larger of that in x and that in y (Chebyshev)
 * @param into      added to: pictures add up
 */
export function countBoundaries (
  predicted: Uint8Array, truth: Uint8Array, [height, width]: readonly [number, number], tolerance = 1,
  into: BoundaryCounts = { predicted: 0, predictedNear: 0, true: 0, trueNear: 0 }
): BoundaryCounts {
  const known = truth.map((label, pixel) => label === UNLABELLED ? UNLABELLED : predicted[pixel]!)
  const [ours, theirs] = [findBoundary(known, height, width), findBoundary(truth, height, width)]
  const [nearOurs, nearTheirs] = [ours, theirs].map(boundary => dilate(boundary, height, width, tolerance)) as [Uint8Array, Uint8Array]
  for (let pixel = 0; pixel < truth.length; pixel++) {
    into.predicted += ours[pixel]!
    into.predictedNear += ours[pixel]! & nearTheirs[pixel]!
    into.true += theirs[pixel]!
    into.trueNear += theirs[pixel]! & nearOurs[pixel]!
  }
  return into
}

/** Precision, recall and F = 2 P R / (P + R) of boundaries. Without any in either map all are 1; with some in one alone F is 0. */
export function measureBoundaries (counts: BoundaryCounts): { precision: number, recall: number, f: number } {
  const share = (part: number, whole: number, otherWhole: number): number => whole > 0 ? part / whole : Number(otherWhole === 0)
  const precision = share(counts.predictedNear, counts.predicted, counts.true)
  const recall = share(counts.trueNear, counts.true, counts.predicted)
  return { precision, recall, f: precision + recall === 0 ? 0 : 2 * precision * recall / (precision + recall) }
}

/** 1 where the class changes to the right or downwards. */
function findBoundary (map: Uint8Array, height: number, width: number): Uint8Array {
  const differs = (pixel: number, other: number): boolean =>
    map[other] !== map[pixel] && map[other] !== UNLABELLED && map[pixel] !== UNLABELLED
  return Uint8Array.from(map, (_, pixel) => {
    const [hasRight, hasBelow] = [pixel % width < width - 1, pixel < (height - 1) * width]
    return Number((hasRight && differs(pixel, pixel + 1)) || (hasBelow && differs(pixel, pixel + width)))
  })
}

/** 1 where one is within a distance, the larger of those in x and in y. */
function dilate (mask: Uint8Array, height: number, width: number, reach: number): Uint8Array {
  const near = new Uint8Array(mask.length)
  for (let pixel = 0; pixel < mask.length; pixel++) {
    if (mask[pixel] === 0) continue
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++) {
      near.fill(1, row * width + Math.max(0, x - reach), row * width + Math.min(width, x + reach + 1))
    }
  }
  return near
}
