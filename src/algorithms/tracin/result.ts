/** Turns scores, losses and predictions into what a trial returns. Pure. */
import { areaUnder, discover, foundAt, rankDescending, thinCurve } from '../../influence/ranking.js'
import { total } from '../../influence/scoring.js'
import type { MethodName, TracinResult } from './spec.js'

/** What is known of every training example at the end; all arrays in the order of the training examples. */
export interface Scored {
  trueLabels: Int32Array
  /** training labels */
  labels: Int32Array
  /** positions of the wrong labels, ascending */
  flipped: Int32Array
  /** self-influence by layers; at least one of them */
  last: Float64Array | undefined
  all: Float64Array | undefined
  /** final loss by the training labels */
  losses: Float32Array
  /** final predicted classes */
  predictions: Int32Array
  /** a permutation by chance: the baseline */
  random: Uint32Array
}

const rankingLength = 200
const curvePoints = 200
const binCount = 40

/** Orders the examples by every method and says how many of the first are flipped. Empty when none is. */
export function compareMethods (scored: Scored): TracinResult['methods'] {
  if (scored.flipped.length === 0) return []
  const isFlipped = markFlipped(scored)
  const orders: [MethodName, Uint32Array][] = [
    ...(scored.last ? [['tracin-last', rankDescending(scored.last)] as [MethodName, Uint32Array]] : []),
    ...(scored.all ? [['tracin-all', rankDescending(scored.all)] as [MethodName, Uint32Array]] : []),
    ['loss', rankDescending(scored.losses)],
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

/** The most self-influential examples. */
export function rankExamples (scored: Scored): TracinResult['ranking'] {
  const scores = mainScores(scored)
  return Array.from(rankDescending(scores).subarray(0, rankingLength), index => ({
    index,
    label: scored.labels[index]!,
    trueLabel: scored.trueLabels[index]!,
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

/** How unequal self-influence is, and whether it goes to the examples that the model finds hard. */
export function concentrate (scored: Scored): { concentration: number, topLossRatio: number } {
  const scores = mainScores(scored)
  const top = rankDescending(scores).subarray(0, Math.max(1, Math.round(scores.length / 10)))
  const sum = total(scores)
  const meanLoss = total(scored.losses) / scored.losses.length
  const topLoss = total(Array.from(top, index => scored.losses[index]!)) / top.length
  return {
    concentration: sum > 0 ? Math.min(1, total(Array.from(top, index => scores[index]!)) / sum) : 0,
    topLossRatio: meanLoss > 0 ? topLoss / meanLoss : 0
  }
}

/** Accuracies of the final predictions, and the part of the wrong labels that the model repeats. */
export function judgePredictions ({ predictions, labels, trueLabels, flipped }: Scored) {
  const agreeing = (wanted: Int32Array) =>
    predictions.reduce((sum, label, i) => sum + (label === wanted[i] ? 1 : 0), 0) / predictions.length
  const repeated = flipped.reduce((sum, index) => sum + (predictions[index] === labels[index] ? 1 : 0), 0)
  return {
    trainGiven: agreeing(labels),
    trainTrue: agreeing(trueLabels),
    memorised: flipped.length > 0 ? repeated / flipped.length : null
  }
}

function mainScores (scored: Scored): Float64Array {
  const scores = scored.last ?? scored.all
  if (!scores) throw new Error('A trial scores by the last layer, by all layers, or by both')
  return scores
}

function markFlipped ({ labels, flipped }: Scored): Uint8Array {
  const marks = new Uint8Array(labels.length)
  for (const index of flipped) marks[index] = 1
  return marks
}
