/** The pictures of a comparison: differences with their intervals, and the test loss of every arm over the training. Pure. */
import type { Interval } from '../../../math/intervals.js'
import type { Figure, FinishedTrial } from '../../contract.js'
import type { TracinResult, TracinSpec } from '../spec.js'
import { armsOf, asIs } from './arms.js'
import type { Treatment } from './spec.js'

type Trial = FinishedTrial<TracinSpec, TracinResult>

/** Differences of an arm to another, over the seeds that both have. */
export interface Difference { loss: Interval | undefined, error: Interval | undefined }

/** A treatment beside what it is compared with. */
export interface Outcome {
  treatment: Treatment
  arm: string
  /** less the training as it is, of the suspects and of random examples */
  before: Difference
  randomBefore: Difference
  /** less the same done to random examples */
  random: Difference
}

const schema = 'https://vega.github.io/schema/vega-lite/v6.json'
const colors: Record<string, string> = {
  [asIs]: '#444444',
  [armsOf.without.suspects]: '#e4572e',
  [armsOf.without.random]: '#f3b49f',
  [armsOf.corrected.suspects]: '#2e6fae',
  [armsOf.corrected.random]: '#a9c8e4'
}

/** All pictures that the trials allow. */
export function drawComparison (trials: Trial[], outcomes: Outcome[], isOfValues: boolean): Figure[] {
  const arms = [...new Set(trials.map(({ definition }) => definition.arm))]
  const color = { field: 'arm', type: 'nominal', title: null, legend: { orient: 'bottom', columns: 3 }, scale: { domain: arms, range: arms.map(arm => colors[arm]) } }
  return [drawDifferences(outcomes, isOfValues), drawLosses(trials, color)]
}

/** Two panels: loss, and error. */
function drawDifferences (outcomes: Outcome[], isOfValues: boolean): Figure {
  const point = (arm: string, { mean, low, high }: Partial<Interval> = {}) => mean === undefined ? [] : [{ arm, mean, low, high }]
  const panel = (title: string, what: 'loss' | 'error') => {
    const values = outcomes.flatMap(({ treatment, before, randomBefore }) =>
      [...point(armsOf[treatment].suspects, before[what]), ...point(armsOf[treatment].random, randomBefore[what])])
    const names = values.map(({ arm }) => arm)
    const y = { field: 'arm', type: 'nominal', title: null, sort: names, axis: { labelLimit: 200 } }
    const color = { field: 'arm', type: 'nominal', legend: null, scale: { domain: names, range: names.map(arm => colors[arm]) } }
    return {
      width: 240,
      height: 40 + 30 * names.length,
      title: { text: title, fontSize: 12, offset: 6 },
      data: { values },
      layer: [
        { mark: { type: 'rule', strokeDash: [4, 3], color: '#888' }, encoding: { x: { datum: 0, type: 'quantitative' } } },
        { mark: { type: 'rule', strokeWidth: 2.5 }, encoding: { y, x: { field: 'low', type: 'quantitative', title: 'less the training as it is' }, x2: { field: 'high' }, color } },
        { mark: { type: 'point', filled: true, size: 70, opacity: 1 }, encoding: { y, x: { field: 'mean', type: 'quantitative' }, color } }
      ]
    }
  }
  return {
    name: 'before-and-after',
    title: 'Change on the test split, mean and 95 % interval over seeds',
    vegaLite: {
      $schema: schema,
      title: { text: 'What changed on the test split', subtitle: 'mean and 95 % interval of the differences paired by seed; left of 0 is better' },
      hconcat: [panel('Test loss', 'loss'), panel(isOfValues ? 'Test error, in deviations' : 'Test error rate', 'error')]
    }
  }
}

/** Mean test loss over the seeds. */
function drawLosses (trials: Trial[], color: object): Figure {
  const sums = new Map<string, { arm: string, epoch: number, sum: number, count: number }>()
  for (const { definition: { arm }, result, metrics: { testLoss } } of trials) {
    if (result === undefined || testLoss === undefined) continue
    const { step: last, epoch: epochs } = result.checkpoints.at(-1)!
    testLoss.steps.forEach((step, i) => {
      const epoch = Math.round(step * epochs / last)
      const key = `${arm} ${epoch}`
      const at = sums.get(key) ?? { arm, epoch, sum: 0, count: 0 }
      sums.set(key, { ...at, sum: at.sum + testLoss.values[i]!, count: at.count + 1 })
    })
  }
  const values = [...sums.values()].map(({ arm, epoch, sum, count }) => ({ arm, epoch, loss: sum / count }))
  return {
    name: 'test-loss',
    title: 'Test loss over the training, mean over seeds',
    vegaLite: {
      $schema: schema,
      title: { text: 'Test loss over the training', subtitle: 'mean over seeds' },
      width: 460,
      height: 260,
      data: { values },
      mark: { type: 'line', strokeWidth: 2 },
      encoding: {
        x: { field: 'epoch', type: 'quantitative', title: 'epoch' },
        y: { field: 'loss', type: 'quantitative', title: 'test loss', scale: { zero: false } },
        color
      }
    }
  }
}
