/**
 * The classes of a data set as a target: a float32 network on the tensor engine learns their one-hot vectors, batch by
 * batch or from all examples at once. Next hops: method.ts fits it, look.ts asks what it says, probe.ts measures that.
 */
import { openClasses } from '../../../datasets/classes.js'
import type { Dataset } from '../../../datasets/dataset.js'
import type { FieldOf } from '../../../datasets/description.js'
import type { OptimizerState } from '../../../optimizers/index.js'
import { parameterCount, type Architecture } from '../../../tensor/architecture.js'
import type { Examples } from '../../../tensor/batches.js'
import { createNetwork } from '../../../tensor/network.js'
import type { ModelEvent, RunContext } from '../../contract.js'
import { stepsPerBoundary } from '../../kit/cost.js'
import { firstExamples } from '../../kit/data.js'
import { architectureOf } from '../../kit/network.js'
import { preprocessingOf } from '../../kit/preprocessing.js'
import type { Fit } from '../fit.js'
import type { OptimizerSpec } from '../optimizer-spec.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import { descentOf } from '../weights.js'
import { isBatched, stepsOf } from './check.js'
import { openLook } from './look.js'
import { floatTolerance, openMethod, type Method } from './method.js'
import { groupByMethod, lowFirst, openProbe } from './probe.js'
import type { DataTarget } from './spec.js'

/** Opens the fit of a data set: afresh, or where its learner was saved. */
export async function openDataFit (
  spec: FrequencyPrincipleSpec, target: DataTarget, context: RunContext, saved: OptimizerState | undefined
): Promise<Fit> {
  const optimizer = spec.optimizers[0]!
  const engine = await context.engine()
  const dataset = openClasses(context.data.data!)
  const data = firstExamples(dataset.train, Math.min(target.trainExamples, dataset.trainCount))
  const { count } = data
  const examples: Examples = {
    data,
    inputShape: dataset.inputShape,
    preprocessing: preprocessingOf(target.scaling, context.data.data!, { count }),
    target: data.labels
  }
  const architecture = architectureOf(target.network, dataset)
  const budget = { steps: stepsOf(optimizer, count, target.batchSize), ...budgetOf(optimizer) }
  const perEvaluation = isBatched(optimizer.type) ? Math.min(target.batchSize, count) : count
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
      evaluationsPerBoundary: stepsPerBoundary(architecture, perEvaluation, engine.backend),
      bands,
      goal: probe.target,
      measure: probe.measure,
      spectrum: probe.spectrum,
      shape: undefined,
      parameters: parameterCount(architecture),
      points: count,
      model: modelOf(architecture, examples, context.data.data!, target.loss),
      descent: descentOf(optimizer),
      learningRate: 'learningRate' in optimizer ? optimizer.learningRate : 0,
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
      moments: () => method?.moments?.(),
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

function budgetOf (optimizer: OptimizerSpec): { evaluations?: number } {
  return 'evaluations' in optimizer && optimizer.evaluations !== undefined ? { evaluations: optimizer.evaluations } : {}
}

/**
 * The network as it is stored. Trained on cross-entropy it reads classes. Trained on squared loss it answers a number per
 * class, which no softmax may stand behind: so its head is values, and it has no training view, whose labels are classes.
 */
function modelOf (
  architecture: Architecture, { data: { count }, preprocessing }: Examples, { fields: { inputs, target } }: Dataset, loss: DataTarget['loss']
): Omit<ModelEvent, 'type' | 'name'> {
  if (loss === 'squared') {
    const columns = (target as FieldOf<'classes'>).names.map(name => ({ name, unit: '1' }))
    return { network: { ...architecture, head: { type: 'values', loss } }, preprocessing, fields: { inputs, target: { type: 'values', columns } } }
  }
  const trainingView = { data: 'data', split: 'train' as const, count, dropped: [], relabelled: { indices: [], labels: [] } }
  return { network: { ...architecture, head: { type: 'classes' } }, preprocessing, trainingView }
}
