/** A trial at work: its network, what was recorded of its training, and how far it is; opened afresh or from a snapshot. */
import { openLabelled } from '../../datasets/labelled.js'
import { prefix, unprefix, type NamedArrays } from '../../math/arrays.js'
import type { Architecture } from '../../tensor/architecture.js'
import { createDenseNetwork, type DenseExamples, type DenseNetwork } from '../../tensor/float64/dense.js'
import type { Preprocessing, RunContext, RunEvent } from '../contract.js'
import type { WeighedCheckpoint } from '../kit/checkpoints.js'
import { createProgress, type Progress, type ProgressState } from '../kit/progress.js'
import { checkpointsOf, type Pace } from './checkpoints.js'
import { initialWeights, netOf, openData } from './data.js'
import type { ProjectedSums } from './projection.js'
import type { ApproximationSpec } from './spec.js'
import { openTracer, type Influences, type Tracer } from './trace.js'
import { stepsOf, workOf, type Work } from './work.js'

export interface TrialState {
  readonly spec: ApproximationSpec
  readonly pace: Pace
  readonly network: DenseNetwork
  readonly architecture: Architecture
  readonly preprocessing: Preprocessing
  readonly train: DenseExamples
  readonly tests: DenseExamples
  readonly work: Work
  readonly random: RunContext['random']
  readonly progress: Progress
  /** weights; changed by the tracer's steps */
  readonly theta: Float64Array
  readonly tracer: Tracer
  readonly influences: Influences
  /** losses of the tests at the first weights */
  readonly before: Float64Array
  /** by observed epoch: [train, tests] products of gradients */
  readonly products: Map<number, Float64Array>
  readonly projected: ProjectedSums
  /** d, ascending */
  readonly dimensions: readonly number[]
  /** checkpoints of the largest sum, at the ends of its intervals: projected, and stored as the model */
  readonly stored: readonly WeighedCheckpoint[]
  readonly cursor: Cursor
}

/** Where the trial stands, and what it counts on the way; JSON. */
export interface Cursor {
  /** epochs that are done */
  epoch: number
  /** steps of the present epoch that are done */
  step: number
  /** rows of the present checkpoint's projection that are done */
  row: number
  /** of the present epoch so far, over its examples */
  lossSum: number
  /** of the projections so far: see projectionVariance */
  variance: number
}

interface SavedValues { cursor: Cursor, progress: ProgressState }

/** Opens a trial: afresh, or as it was at a boundary. The spec has one rate and one size of batch. */
export function openTrial (spec: ApproximationSpec, context: RunContext): TrialState {
  const { resume, random } = context
  const saved = resume?.values as unknown as SavedValues | undefined
  const data = context.data.data!
  const { train, tests, preprocessing, architecture } = openData(spec, data)
  const network = createDenseNetwork(netOf(spec, openLabelled(data)))
  const pace = { rate: spec.learningRates[0]!, batchSize: spec.batchSizes[0]!, examples: train.count }
  const stored = checkpointsOf(Math.max(...spec.checkpoints.counts), 'end', spec, pace)
  const dimensions = [...spec.projections].sort((a, b) => a - b)
  const work = workOf(spec, { train: train.count, tests: tests.count, batchSize: pace.batchSize, net: network.net }, stored.length)
  const pairs = train.count * tests.count
  const kept = (name: string, length: number) =>
    (resume?.arrays[name]?.data as Float64Array | undefined)?.slice() ?? new Float64Array(length)
  const theta = resume ? kept('theta', network.parameterCount) : initialWeights(architecture, random('init'))
  const influences = { ideal: kept('ideal', pairs), firstOrder: kept('first-order', pairs) }
  const tracer = openTracer(network, theta, train, tests, influences)
  return {
    spec,
    pace,
    network,
    architecture,
    preprocessing,
    train,
    tests,
    work,
    random,
    progress: createProgress(stepsOf(work), saved?.progress),
    theta,
    tracer,
    influences,
    before: resume ? kept('before', tests.count) : tracer.queries.losses.slice(),
    products: productsIn(resume?.arrays ?? {}),
    projected: { influences: kept('projected', dimensions.length * pairs), partial: kept('partial', dimensions.length > 0 ? pairs : 0) },
    dimensions,
    stored,
    cursor: saved?.cursor ?? { epoch: 0, step: 0, row: 0, lossSum: 0, variance: 0 }
  }
}

/** A place from which the trial can go on. */
export function boundary (trial: TrialState): RunEvent {
  return { type: 'boundary', step: stepsDone(trial), snapshot: () => ({ arrays: arraysOf(trial), values: valuesOf(trial) }) }
}

/** Training steps so far. */
export function stepsDone ({ cursor: { epoch, step }, spec: { epochs }, work: { steps } }: TrialState): number {
  return epoch * (steps / epochs) + step
}

function valuesOf ({ cursor, progress }: TrialState): Record<string, unknown> {
  const values: SavedValues = { cursor: { ...cursor }, progress: { ...progress.state } }
  return values as unknown as Record<string, unknown>
}

function arraysOf ({ theta, influences: { ideal, firstOrder }, before, projected, products, train, tests }: TrialState): NamedArrays {
  const flat = (data: Float64Array) => ({ shape: [data.length], data: data.slice() })
  const arrays: NamedArrays = {
    theta: flat(theta),
    ideal: flat(ideal),
    'first-order': flat(firstOrder),
    before: flat(before),
    projected: flat(projected.influences),
    partial: flat(projected.partial)
  }
  const formed = Object.fromEntries([...products].map(([epoch, data]) => [epoch, { shape: [train.count, tests.count], data }]))
  return { ...arrays, ...prefix(productsName, formed) }
}

const productsName = 'products/'

function productsIn (arrays: NamedArrays): Map<number, Float64Array> {
  return new Map(Object.entries(unprefix(productsName, arrays)).map(([epoch, { data }]) => [Number(epoch), data as Float64Array]))
}
