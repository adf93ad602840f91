/** Turns scores, losses and predictions into what a trial returns. Pure. */
import { areaUnder, discover, foundAt, rankDescending, thinCurve } from '../../influence/ranking.js'
import { total } from '../../influence/scoring.js'
import type { Column } from '../../datasets/description.js'
import type { Labels } from '../../datasets/labelled.js'
import type { RandomStream } from '../../math/random.js'
import { accuracyOf, errorsOf } from '../kit/passes.js'
import type { MethodName } from './methods.js'
import type { TracinResult } from './spec.js'

/** What is known of every training example at the end; all arrays in the order of the training examples. */
export interface Scored {
  trueLabels: Labels
  /** training labels: a class, or the numbers of a target of values */
  labels: Labels
  /** positions of the wrong labels, ascending */
  flipped: Int32Array
  /** self-influence by layers; at least one of them */
  last: Float64Array | undefined
  all: Float64Array | undefined
  /** final loss by the training labels */
  losses: Float32Array
  /** scores by every baseline that there is, the most suspicious largest */
  baselines: [MethodName, ArrayLike<number>][]
  /** finally predicted: classes or values */
  predictions: Labels
  /** a permutation by chance: the baseline */
  random: Uint32Array
}

const rankingLength = 200
const curvePoints = 200
const binCount = 40
const nullDraws = 1000

/** Orders the examples by every method and says how many of the first are flipped. Empty when none is. */
export function compareMethods (scored: Scored): TracinResult['methods'] {
  if (scored.flipped.length === 0) return []
  const isFlipped = markFlipped(scored)
  const orders: [MethodName, Uint32Array][] = [
    ...(scored.last ? [['tracin-last', rankDescending(scored.last)] as [MethodName, Uint32Array]] : []),
    ...(scored.all ? [['tracin-all', rankDescending(scored.all)] as [MethodName, Uint32Array]] : []),
    ...scored.baselines.map(([name, scores]): [MethodName, Uint32Array] => [name, rankDescending(scores)]),
    ['random', scored.random]
  ]
  return orders.map(([name, order]) => {
    const discovery = discover(order, isFlipped)
    return {
      name,
      foundAt: {
        5: foundAt(discovery, 0.05), 10: foundAt(discovery, 0.1), 20: foundAt(discovery, 0.2), 30: foundAt(discovery, 0.3)
      },
      auc: areaUnder(discovery),
      curve: thinCurve(discovery, curvePoints)
    }
  })
}

/** The most suspicious examples. @param order positions, the most suspicious first; by self-influence when left out */
export function rankExamples (scored: Scored, order?: Uint32Array): TracinResult['ranking'] {
  const scores = mainScores(scored)
  return Array.from((order ?? rankDescending(scores)).subarray(0, rankingLength), index => ({
    index,
    label: labelOf(scored, scored.labels, index),
    trueLabel: labelOf(scored, scored.trueLabels, index),
    score: scores[index]!
  }))
}

/** Histogram of log10 self-influence, clean and flipped apart. Scores of 0 count in the first bin. */
export function countByScore (scored: Scored): TracinResult['histogram'] {
  const scores = mainScores(scored)
  const logs = scores.map(Math.log10)
  const finite = logs.filter(Number.isFinite)
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity)
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity)
  const from = Number.isFinite(low) ? low : -1
  const width = (Number.isFinite(high) && high > from ? high - from : 1) / binCount
  const isFlipped = markFlipped(scored)
  const clean = new Array<number>(binCount).fill(0)
  const flipped = new Array<number>(binCount).fill(0)
  logs.forEach((log, index) => {
    const bin = Math.max(0, Math.min(binCount - 1, Math.floor((log - from) / width)))
    const counts = isFlipped[index] ? flipped : clean
    counts[bin]!++
  })
  return { edges: Array.from({ length: binCount + 1 }, (_, i) => from + i * width), clean, flipped }
}

/**
 * How unequal self-influence is, and whether it goes to the examples that the model finds hard: their mean loss over that of
 * all, beside the 95th percentile of the same for tenths drawn at random.
 * @param stream  draws them
 */
export function concentrate (scored: Scored, stream: RandomStream): Pick<TracinResult, 'concentration' | 'topLossRatio' | 'topLossNull'> {
  const scores = mainScores(scored)
  const { losses } = scored
  const size = Math.max(1, Math.round(scores.length / 10))
  const top = rankDescending(scores).subarray(0, size)
  const sum = total(scores)
  const meanLoss = total(losses) / losses.length
  const ratioOf = (some: Uint32Array) => meanLoss > 0 ? total(Array.from(some, index => losses[index]!)) / some.length / meanLoss : 0
  const drawn = Float64Array.from({ length: nullDraws }, () => ratioOf(drawSome(scores.length, size, stream))).sort()
  return {
    concentration: sum > 0 ? Math.min(1, total(Array.from(top, index => scores[index]!)) / sum) : 0,
    topLossRatio: ratioOf(top),
    topLossNull: drawn[Math.ceil(0.95 * nullDraws) - 1]!
  }
}

/** Some of 0 .. count - 1, each at most once: the first steps of a Fisher-Yates shuffle. */
function drawSome (count: number, size: number, stream: RandomStream): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  for (let i = 0; i < size; i++) {
    const j = i + stream.integer(count - i)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order.subarray(0, size)
}

/** Accuracies of the final predictions of classes. */
export function judgeAccuracy ({ predictions, labels, trueLabels }: Scored): { trainGiven: number, trainTrue: number } {
  return { trainGiven: accuracyOf(predictions, labels), trainTrue: accuracyOf(predictions, trueLabels) }
}

/**
 * Errors of the final predictions of values, by column.
 * @param testErrors root mean squared errors on the test examples
 * @param testLabels their values by rows
 */
export function judgeErrors (
  { predictions, labels, trueLabels }: Scored, columns: Column[], testErrors: number[], testLabels: Labels
): NonNullable<TracinResult['errors']> {
  const width = columns.length
  const means = columns.map((_, k) => total(testLabels.filter((_, i) => i % width === k)) * width / testLabels.length)
  const deviations = errorsOf(Array.from(testLabels, (_, i) => means[i % width]!), testLabels, width)
  const [given, own] = [errorsOf(predictions, labels, width), errorsOf(predictions, trueLabels, width)]
  return columns.map((column, k) => ({
    ...column, trainGiven: given[k]!, trainTrue: own[k]!, test: testErrors[k]!, deviation: deviations[k]!
  }))
}

/**
 * Part of the wrong labels that the model repeats. Values are never repeated to the bit: those that it comes nearer to
 * than to the own ones, over all columns, each measured by how far the wrong one is from the own.
 */
export function judgeMemory (scored: Scored): number | null {
  const { predictions, labels, trueLabels, flipped } = scored
  if (flipped.length === 0) return null
  const width = widthOf(scored)
  const repeats = (index: number): boolean => {
    if (labels instanceof Int32Array) return predictions[index] === labels[index]
    let nearer = 0
    for (let k = index * width; k < (index + 1) * width; k++) {
      const way = labels[k]! - trueLabels[k]!
      if (way !== 0) nearer += (predictions[k]! - trueLabels[k]!) / way - 0.5
    }
    return nearer > 0
  }
  return flipped.reduce((sum, index) => sum + Number(repeats(index)), 0) / flipped.length
}

/** Numbers of a label. */
function widthOf ({ labels, losses }: Scored): number {
  return labels.length / losses.length
}

function labelOf (scored: Scored, labels: Labels, index: number): number | number[] {
  const width = widthOf(scored)
  return labels instanceof Int32Array ? labels[index]! : Array.from(labels.subarray(index * width, (index + 1) * width))
}

/** The self-influence that examples are ranked by: of the last layer where it was computed. */
export function mainScores (scored: Scored): Float64Array {
  const scores = scored.last ?? scored.all
  if (!scores) throw new Error('A trial scores by the last layer, by all layers, or by both')
  return scores
}

function markFlipped ({ losses, flipped }: Scored): Uint8Array {
  const marks = new Uint8Array(losses.length)
  for (const index of flipped) marks[index] = 1
  return marks
}
