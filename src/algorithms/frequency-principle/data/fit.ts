/**
 * The classes of a data set as a target: a float32 network on the tensor engine learns their one-hot vectors, batch by
 * batch (batch-learner.ts) or from all examples at once through src/optimizers. Next hop: look.ts asks it what it knows.
 */
import { openClasses } from '../../../datasets/classes.js'
import { AppError } from '../../../errors.js'
import { createOptimizer, type OptimizerSettings, type OptimizerState } from '../../../optimizers/index.js'
import { parameterCount, type Architecture } from '../../../tensor/architecture.js'
import type { Examples } from '../../../tensor/batches.js'
import type { Engine } from '../../../tensor/engine.js'
import { flatWeights, loadFlat } from '../../../tensor/flat-weights.js'
import { allOf } from '../../../tensor/forward.js'
import { createNetwork, type Network } from '../../../tensor/network.js'
import { createTensorObjective } from '../../../tensor/objective.js'
import type { ModelEvent, RunContext } from '../../contract.js'
import { stepsPerBoundary } from '../../kit/cost.js'
import { firstExamples, preprocessingOf } from '../../kit/data.js'
import { architectureOf } from '../../kit/network.js'
import { createLabelProbe, type LabelProbe, type SpectralHistory } from '../../kit/spectrum/index.js'
import type { Fit, Learner } from '../fit.js'
import type { OptimizerSpec } from '../optimizer-spec.js'
import type { ResultBand } from '../result.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import { createBatchLearner } from './batch-learner.js'
import { isBatched, stepsOf } from './check.js'
import { openLook } from './look.js'
import type { DataFindings, DataTarget } from './spec.js'

/**
 * Default gradientTolerance where the loss is float32. On 300 pictures 1e-5 was still reached by lbfgs and cg without a
 * line search that failed, for a last tenth of the loss and two to four times the steps.
 */
const floatTolerance = 1e-3

/** Opens the fit of a data set: afresh, or where its learner was saved. */
export async function openDataFit (
  spec: FrequencyPrincipleSpec, target: DataTarget, context: RunContext, saved: OptimizerState | undefined
): Promise<Fit> {
  const optimizer = spec.optimizers[0]!
  const engine = await context.engine()
  const dataset = openClasses(context.data.data!)
  const data = firstExamples(dataset.train, Math.min(target.trainExamples, dataset.trainCount))
  const { count } = data
  const examples: Examples = { data, inputShape: dataset.inputShape, preprocessing: preprocessingOf(target.scaling, data) }
  const architecture = architectureOf(target.network, dataset.inputShape, dataset.classes)
  const budget = { steps: stepsOf(optimizer, count, target.batchSize), ...budgetOf(optimizer) }
  const network = createNetwork(engine, architecture, context.random('init'))
  let method: Method | undefined
  const close = (): void => {
    method?.dispose()
    network.dispose()
  }
  try {
    const probe = openProbe(spec, target, examples, dataset.classes)
    const look = openLook(engine, network, examples, { loss: target.loss, goal: probe.target })
    method = openMethod(engine, network, { spec, target, optimizer, examples, budget, random: context.random, saved })
    const { learner, settle, heed } = method
    const bands = groupByMethod(probe)
    return {
      learner,
      budget,
      evaluationsPerBoundary: stepsPerBoundary(architecture, isBatched(optimizer.type) ? Math.min(target.batchSize, count) : count, engine.backend),
      bands,
      goal: probe.target,
      measure: probe.measure,
      spectrum: probe.spectrum,
      shape: undefined,
      parameters: parameterCount(architecture),
      points: count,
      model: modelOf(architecture, examples),
      learningRate: 'learningRate' in optimizer ? optimizer.learningRate : 1,
      look () {
        settle()
        const seen = look()
        heed(seen.loss)
        return seen
      },
      weights () {
        settle() // a line search that failed has left its last try in the network
        return network.save()
      },
      findings: (history, accuracy) => ({
        data: {
          loss: target.loss,
          classes: dataset.classes,
          accuracy,
          lowFirst: lowFirst(bands, history),
          precision: isBatched(optimizer.type)
            ? 'float32 throughout; evaluations are those of single batches'
            : `loss and gradient are float32, summed over chunks in Float64; gradientTolerance ${spec.gradientTolerance ?? floatTolerance}`
        }
      }),
      close
    }
  } catch (error) {
    close()
    throw error
  }
}

/** The filter's bands before the projection's, whose frequencies are octaves unless the spec has others. */
function openProbe ({ spectrum }: FrequencyPrincipleSpec, { methods, widths }: DataTarget, examples: Examples, classes: number): LabelProbe {
  const { bins, error, frequencies = octaves(bins) } = spectrum
  const inOrder = (['filter', 'projection'] as const).filter(method => methods.includes(method))
  return createLabelProbe(examples, allOf(examples.data.count), { methods: inOrder, widths, frequencies, bins, error, classes })
}

/**
 * 1, 2, 4, … below `bins`. Not the peaks: along a projection the spectrum of classes falls from frequency 0 on without
 * peaks, and those of its tail are noise of the sample.
 */
function octaves (bins: number): number[] {
  return Array.from({ length: Math.ceil(Math.log2(bins)) }, (_, k) => 2 ** k)
}

/** Low and high of one width of the filter are a group ('low 0.1'), and all of the projection. */
function groupByMethod ({ bands }: LabelProbe): ResultBand[] {
  return bands.map(({ method, ...band }) => method === 'filter'
    ? { ...band, group: `filter ${band.key.replace(/^\S+ /, '')}` }
    : { ...band, label: `projection ${band.label}`, group: 'projection' })
}

/** A learner, and what stands between it and the network. */
interface Method {
  learner: Learner
  /** Brings the learner's weights into the network. */
  settle (): void
  /** Is given the loss over all examples when that was measured. */
  heed (loss: number): void
  dispose (): void
}

interface Task {
  spec: FrequencyPrincipleSpec
  target: DataTarget
  optimizer: OptimizerSpec
  examples: Examples
  budget: Fit['budget']
  random: RunContext['random']
  saved: OptimizerState | undefined
}

function openMethod (engine: Engine, network: Network, { spec, target, optimizer, examples, budget, random, saved }: Task): Method {
  const { targetValue, gradientTolerance = floatTolerance } = spec
  const loss = target.loss === 'squared' ? 'squared' as const : 'softmax-cross-entropy' as const
  if (optimizer.type === 'sgd' || optimizer.type === 'adam') {
    const learner = createBatchLearner(engine, network, {
      ...examples,
      loss,
      optimizer: optimizer.type === 'sgd'
        ? { type: 'sgd', momentum: optimizer.momentum }
        : { type: 'adam', beta1: optimizer.beta1, beta2: optimizer.beta2, epsilon: optimizer.epsilon },
      learningRate: optimizer.learningRate,
      batchSize: target.batchSize,
      key: random('noise').integer(2 ** 30),
      order: epoch => random('order', epoch).permutation(examples.data.count),
      budget,
      targetValue,
      resume: saved
    })
    return { learner, settle: () => network.settle(), heed: learner.heed, dispose: learner.dispose }
  }
  const objective = createTensorObjective(engine, network, { ...examples, loss })
  const settings = { ...settingsOf(optimizer), gradientTolerance, ...(targetValue === undefined ? {} : { targetValue }) }
  const learner = createOptimizer(settings, objective, { start: flatWeights(network), budget, ...(saved ? { state: saved } : {}) })
  return { learner, settle: () => loadFlat(network, learner.theta), heed () {}, dispose: () => objective.dispose() }
}

function settingsOf (optimizer: OptimizerSpec): OptimizerSettings {
  switch (optimizer.type) {
    case 'gd': return { type: 'gd', learningRate: optimizer.learningRate, momentum: optimizer.momentum }
    case 'cg': return { type: 'cg', beta: optimizer.beta }
    case 'lbfgs': return { type: 'lbfgs', memory: optimizer.memory }
    default: throw new AppError('invalid_spec', `optimizer.type must be one that target data can have, got ${optimizer.type}`)
  }
}

function budgetOf (optimizer: OptimizerSpec): { evaluations?: number } {
  return 'evaluations' in optimizer && optimizer.evaluations !== undefined ? { evaluations: optimizer.evaluations } : {}
}

function modelOf (network: Architecture, { data: { count }, preprocessing }: Examples): Omit<ModelEvent, 'type' | 'name'> {
  const trainingView = { data: 'data', split: 'train' as const, count, dropped: [], relabelled: { indices: [], labels: [] } }
  return { network, preprocessing, trainingView }
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
