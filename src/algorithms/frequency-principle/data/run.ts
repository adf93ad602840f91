/**
 * One trial on a data set: one optimizer fits a float32 network to the one-hot classes of some examples, while the low
 * and high frequencies of its outputs are watched. Next hops: data/lab.ts opens all it works with,
 * data/learner.ts optimizes, data/measure.ts measures, record.ts keeps, result.ts concludes.
 */
import { AppError } from '../../../errors.js'
import { parameterCount } from '../../../tensor/architecture.js'
import type { RunContext, RunEvent, TrialDefinition } from '../../contract.js'
import { checkpointEpochs } from '../../kit/checkpoints.js'
import { stepsPerBoundary } from '../../kit/cost.js'
import type { SpectralHistory } from '../../kit/spectrum/index.js'
import { isBatched } from './check.js'
import { boundary, floatTolerance, openLab, type Lab } from './lab.js'
import type { DataFindings } from './spec.js'
import { concludeTrial, type FrequencyPrincipleResult, type ResultBand } from '../result.js'
import type { FrequencyPrincipleSpec } from '../spec.js'

/** Weights that are stored of a model for influence queries, log-spaced over the budget; the last are always stored. */
const checkpoints = 6
const modelName = 'trained'

/** Runs one trial. The spec names one optimizer, and target data. */
export async function * runOnData (
  { spec }: TrialDefinition<FrequencyPrincipleSpec>, context: RunContext
): AsyncGenerator<RunEvent, FrequencyPrincipleResult> {
  const lab = await openLab(spec, context)
  try {
    yield * train(lab, context)
    return conclude(lab)
  } finally {
    lab.close()
  }
}

async function * train (lab: Lab, { clock, resume }: RunContext): AsyncGenerator<RunEvent, void> {
  const { learner, recorder, progress, steps, engine, architecture, examples, target } = lab
  if (resume === undefined) {
    yield * record(lab)
    yield boundary(lab) // making the filters' kernels was work
  }
  const size = isBatched(lab.optimizer.type) ? Math.min(target.batchSize, examples.data.count) : examples.data.count
  const pace = stepsPerBoundary(architecture, size, engine.backend)
  let work = 0
  while (learner.stop === undefined) {
    const before = learner.counts.functionEvaluations
    const begun = clock()
    learner.step()
    lab.seconds += clock() - begun
    work += learner.counts.functionEvaluations - before
    const isMeasured = isNews(lab) && recorder.isDue(learner.counts.steps)
    if (isMeasured) yield * record(lab)
    yield * advance(lab)
    if (work < pace && !isMeasured) continue
    work = 0
    yield boundary(lab)
  }
  if (isNews(lab)) yield * record(lab)
  yield * storeWeights(lab, true)
  yield * recorder.finish()
  yield * progress.add(steps - progress.state.done)
}

/** Whether there is something to measure that was not: a step may end without having moved. */
function isNews ({ learner, recorder: { history } }: Lab): boolean {
  return learner.counts.steps > (history.steps.at(-1) ?? -1)
}

/** Measures outputs h on all examples against the one-hot y: e = |h_low - y_low| / |y_low|, and so on. */
function * record (lab: Lab): Generator<RunEvent, void> {
  const { learner, measure, recorder, known } = lab
  const { steps, functionEvaluations, gradientEvaluations } = learner.counts
  learner.settle()
  const { outputs, loss, accuracy } = measure.look()
  learner.tell(loss)
  if (!Number.isFinite(loss)) {
    if (steps === 0) throw new AppError('non_finite', `the loss of the first weights is ${loss}`)
    return
  }
  known.accuracy = accuracy
  yield * recorder.record({ step: steps, evaluations: functionEvaluations + gradientEvaluations, loss }, outputs, {
    accuracy, ...learner.describe(), functionEvaluations, gradientEvaluations, seconds: lab.seconds
  })
  yield * storeWeights(lab, false)
}

/**
 * Stores the weights of the last record, when enough steps lie behind those stored before; the model is announced with
 * the first. Only softmax cross-entropy: influence queries know no other loss.
 */
function * storeWeights (lab: Lab, isEnd: boolean): Generator<RunEvent, void> {
  const { target, architecture, examples: { data, preprocessing }, network, learner, recorder, known, steps } = lab
  const step = recorder.history.steps.at(-1)!
  if (target.loss !== 'cross-entropy' || step <= known.storedAt) return
  const next = checkpointEpochs({ type: 'log', count: checkpoints }, steps).find(at => at > known.storedAt)
  if (!isEnd && (step === 0 || next === undefined || step < next)) return
  if (isEnd) learner.settle() // a line search that failed has left its last try in the network
  const arrays = network.save()
  // Where it ended without numbers, the weights of the last record are gone.
  if (learner.counts.steps !== step || !Object.values(arrays).every(({ data }) => data.every(Number.isFinite))) return
  if (known.storedAt < 0) {
    const trainingView = { data: 'data', split: 'train' as const, count: data.count, dropped: [], relabelled: { indices: [], labels: [] } }
    yield { type: 'model', name: modelName, network: architecture, preprocessing, trainingView }
  }
  known.storedAt = step
  yield { type: 'checkpoint', model: modelName, step, learningRate: learner.learningRate, arrays }
}

/** Progress is the part of the budget that is used up, of steps or of evaluations, whichever is further. */
function advance ({ learner: { counts }, optimizer, progress, steps }: Lab): RunEvent[] {
  const evaluations = 'evaluations' in optimizer ? optimizer.evaluations ?? Infinity : Infinity
  const used = (counts.functionEvaluations + counts.gradientEvaluations) / evaluations
  return progress.add(Math.min(steps, Math.max(counts.steps, steps * used)) - progress.state.done)
}

function conclude ({ spec, target, optimizer, dataset, examples, architecture, learner, measure, recorder, known }: Lab) {
  const { history } = recorder
  const { bands } = measure
  // Of the one-hot classes: what a perfect model would give.
  const spectrum = measure.spectrum(measure.goal)
  return concludeTrial({
    parameters: parameterCount(architecture),
    points: examples.data.count,
    bands,
    history,
    threshold: spec.spectrum.threshold,
    stop: learner.stop!,
    counts: { ...learner.counts },
    spectrum: { frequencies: spectrum.map(({ frequency }) => frequency), target: spectrum.map(({ target }) => target) },
    snapshots: recorder.snapshots(),
    data: {
      loss: target.loss,
      classes: dataset.classes,
      accuracy: known.accuracy,
      lowFirst: lowFirst(bands, history),
      precision: isBatched(optimizer.type)
        ? 'float32 throughout; evaluations are those of single batches'
        : `loss and gradient are float32, summed over chunks in Float64; gradientTolerance ${spec.gradientTolerance ?? floatTolerance}`
    }
  })
}

/** Per group the part of the records after step 0 at which the lowest band is below the highest. */
function lowFirst (bands: ResultBand[], { steps, errors }: SpectralHistory): DataFindings['lowFirst'] {
  return [...new Set(bands.map(({ group }) => group))].flatMap(group => {
    const members = bands.flatMap((band, i) => band.group === group ? [i] : [])
    const trained = errors.filter((_, i) => steps[i]! > 0)
    if (members.length < 2 || trained.length === 0) return []
    const below = trained.filter(record => record[members[0]!]! < record[members.at(-1)!]!)
    return [{ group, share: below.length / trained.length }]
  })
}
