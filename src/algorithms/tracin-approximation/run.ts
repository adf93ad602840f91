/**
 * One trial: a network is trained by single steps whose every change of every test loss is written down (TracInIdeal), and
 * the approximations of TracIn are formed beside it. Next hops: trace.ts takes the steps, result.ts compares.
 */
import { AppError } from '../../errors.js'
import { pearson } from '../../math/correlation.js'
import { norm } from '../../math/vectors.js'
import { parameterShapes } from '../../tensor/architecture.js'
import { splitWeights } from '../../tensor/flat-weights.js'
import type { DenseFactors } from '../../tensor/float64/dense.js'
import type { RunContext, RunEvent, TrialDefinition } from '../contract.js'
import type { WeighedCheckpoint } from '../kit/checkpoints.js'
import { observedEpochs, rateOf, stepsPerEpoch } from './checkpoints.js'
import { addProjectedRow, projectionVariance } from './projection.js'
import { conclude, type ApproximationResult } from './result.js'
import type { ApproximationSpec } from './spec.js'
import { boundary, openTrial, stepsDone, type TrialState } from './trial-state.js'
import { productsInSteps, unitsPerBoundary } from './work.js'
import { meanOf } from '../../math/mean.js'

const modelName = 'trained'

/** Runs one trial. The spec has one rate and one size of batch. */
export async function * run (
  { spec }: TrialDefinition<ApproximationSpec>, context: RunContext
): AsyncGenerator<RunEvent, ApproximationResult> {
  // 1. training examples z, test examples z', theta_0 at random
  const trial = openTrial(spec, context)
  const { cursor } = trial
  const observed = new Set(observedEpochs(spec))
  if (context.resume === undefined) {
    yield announce(trial)
    yield { type: 'metrics', step: 0, values: { testLoss: meanOf(trial.tracer.queries.losses) } }
    yield boundary(trial)
  }
  for (;;) {
    // 2. before, between and after the passes: <grad l(w, z), grad l(w, z')>, and of a checkpoint also <G grad, G grad>
    if (observed.has(cursor.epoch)) yield * observe(trial)
    if (cursor.epoch === spec.epochs) break
    // 3. a pass: every step's l(w_t, z') - l(w_t+1, z') goes to the examples of the step
    yield * pass(trial)
  }
  // 4. compare every sum of checkpoints, every projection and the first order with the ideal
  return finish(trial)
}

function announce ({ architecture, preprocessing, train: { count } }: TrialState): RunEvent {
  return {
    type: 'model',
    name: modelName,
    network: architecture,
    preprocessing,
    descent: { type: 'sgd', momentum: 0 },
    trainingView: { data: 'data', split: 'train', count, dropped: [], relabelled: { indices: [], labels: [] } }
  }
}

function * observe (trial: TrialState): Generator<RunEvent, void> {
  const { cursor, network, theta, train, tracer: { queries }, dimensions, stored, work, progress, products } = trial
  const factors = network.room(train.count)
  network.pass(theta, train, factors)
  const checkpoint = stored.find(({ epoch }) => epoch === cursor.epoch)
  if (!products.has(cursor.epoch)) {
    const formed = formProducts(trial, factors)
    products.set(cursor.epoch, formed)
    if (checkpoint && dimensions.length > 0) {
      cursor.variance += projectionVariance(network, factors, queries, formed, checkpoint.interval.weight)
    }
    if (checkpoint) yield storeWeights(trial, checkpoint)
    yield * progress.add(productsInSteps(work))
    yield boundary(trial)
  }
  if (checkpoint === undefined) return
  while (cursor.row < (dimensions.at(-1) ?? 0)) {
    const { row } = cursor
    const stream = trial.random('projection', cursor.epoch, row)
    addProjectedRow(network, trial.projected, factors, queries, { row, stream, weight: checkpoint.interval.weight, dimensions })
    cursor.row++
    yield * progress.add(work.row / work.step)
    if (cursor.row % unitsPerBoundary(work.row) === 0) yield boundary(trial)
  }
}

/** <grad l(w, z), grad l(w, z')> of all pairs, [train, tests] by rows. */
function formProducts ({ network, tracer: { queries }, train, tests }: TrialState, factors: DenseFactors): Float64Array {
  const formed = new Float64Array(train.count * tests.count)
  for (let k = 0; k < formed.length; k++) formed[k] = network.dot(factors, Math.floor(k / tests.count), queries, k % tests.count)
  return formed
}

function storeWeights (trial: TrialState, { learningRate, interval }: WeighedCheckpoint): RunEvent {
  const arrays = splitWeights(parameterShapes(trial.architecture), trial.theta)
  return { type: 'checkpoint', model: modelName, step: stepsDone(trial), learningRate, interval, arrays }
}

function * pass (trial: TrialState): Generator<RunEvent, void> {
  const { cursor, spec, pace, tracer, work, random, progress, influences } = trial
  const order = random('order', cursor.epoch).permutation(pace.examples)
  const steps = stepsPerEpoch(pace)
  const perBoundary = unitsPerBoundary(work.step)
  let learningRate = 0
  while (cursor.step < steps) {
    const batch = order.subarray(cursor.step * pace.batchSize, (cursor.step + 1) * pace.batchSize)
    learningRate = rateOf(cursor.epoch, cursor.step, spec, pace)
    cursor.lossSum += batch.length * tracer.step(batch, learningRate)
    cursor.step++
    yield * progress.add(1)
    if (cursor.step < steps && cursor.step % perBoundary === 0) yield boundary(trial)
  }
  const batchLoss = cursor.lossSum / pace.examples
  Object.assign(cursor, { epoch: cursor.epoch + 1, step: 0, row: 0, lossSum: 0 })
  const firstOrder = pearson(influences.firstOrder, influences.ideal)
  yield {
    type: 'metrics',
    step: stepsDone(trial),
    values: { batchLoss, testLoss: meanOf(tracer.queries.losses), learningRate, ...(firstOrder === null ? {} : { firstOrder }) }
  }
  yield boundary(trial)
}

function finish (trial: TrialState): ApproximationResult {
  const { spec, pace, network, work, influences, before, tracer: { queries }, products, projected, cursor } = trial
  if (norm(influences.ideal) === 0) throw new AppError('unmeasurable', 'The training changed no test loss: there is no influence to approximate')
  return conclude(spec, {
    pace,
    parameters: network.parameterCount,
    steps: work.steps,
    ...influences,
    before,
    after: queries.losses,
    products,
    projected: projected.influences,
    variance: cursor.variance
  })
}
