/** How much work a trial is, where no clock may be read: what paces boundaries, counts progress and refuses what is too large. */
import { createDenseNetwork, type DenseNet, type DenseNetwork } from '../../tensor/float64/dense.js'
import { observedEpochs, stepsPerEpoch } from './checkpoints.js'
import type { ApproximationSpec } from './spec.js'

/** Nanoseconds of a multiplication with its addition, at the slow end of what these loops need. */
const perProduct = 2
/** Boundaries come after so much work. */
const paceNanoseconds = 5e7
/** A step or the products of a checkpoint that take longer, by the estimate, are refused: a trial can be stopped only between them. */
export const maxUnitNanoseconds = 1e9
/** What a trial may keep: it is written with every snapshot. */
export const maxBytes = 64 * 2 ** 20

/** The sizes of a trial. */
export interface Sizes { train: number, tests: number, batchSize: number, net: DenseNet }

/** What a trial takes, in nanoseconds but for the counts. */
export interface Work {
  parameters: number
  steps: number
  step: number
  /** all products of one checkpoint */
  products: number
  /** one row of a projection */
  row: number
  /** checkpoints whose products are formed */
  observed: number
  /** rows of all projections */
  rows: number
  /** numbers that are kept, in bytes */
  bytes: number
}

/** Estimates a trial. @param projected checkpoints that are projected */
export function workOf (spec: ApproximationSpec, { train, tests, batchSize, net }: Sizes, projected: number): Work {
  const { parameterCount, factorCount }: DenseNetwork = createDenseNetwork(net)
  const batch = Math.min(batchSize, train)
  const observed = observedEpochs(spec).length
  const dimension = Math.max(0, ...spec.projections)
  return {
    parameters: parameterCount,
    steps: spec.epochs * stepsPerEpoch({ batchSize, examples: train }),
    step: perProduct * (2 * (tests + 2 * batch) * parameterCount + (batch > 1 ? 2 : 1) * batch * tests * factorCount),
    products: perProduct * train * (2 * parameterCount + tests * factorCount),
    row: perProduct * ((train + tests) * parameterCount + train * tests) + 60 * parameterCount, // the normal numbers
    observed,
    rows: projected * dimension,
    bytes: 8 * (train * tests * (4 + observed + spec.projections.length) + 2 * parameterCount + (train + tests) * factorCount)
  }
}

/** All work in steps of training. */
export function stepsOf ({ steps, step, products, row, observed, rows }: Work): number {
  return Math.round(steps + observed * productsInSteps({ step, products }) + rows * row / step)
}

/** Work of a checkpoint's products in steps. */
export function productsInSteps ({ step, products }: Pick<Work, 'step' | 'products'>): number {
  return products / step
}

/** How many units of so much work lie between two boundaries. */
export function unitsPerBoundary (nanoseconds: number): number {
  return Math.max(1, Math.floor(paceNanoseconds / nanoseconds))
}
