/**
 * The classes of a data set as a target: a network learns their one-hot vectors. Next hops: inputs.ts says what it sees,
 * float32.ts and float64.ts train it, probe.ts measures what it says.
 */
import { openClasses } from '../../../datasets/classes.js'
import type { Dataset } from '../../../datasets/dataset.js'
import type { FieldOf } from '../../../datasets/description.js'
import type { OptimizerState } from '../../../optimizers/index.js'
import { parameterCount } from '../../../tensor/architecture.js'
import type { ModelEvent, RunContext } from '../../contract.js'
import type { Fit } from '../fit.js'
import type { OptimizerSpec } from '../optimizer-spec.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import { descentOf } from '../weights.js'
import { stepsOf } from './check.js'
import { openFloat64 } from './float64.js'
import { openInputs, type Inputs } from './inputs.js'
import { groupByMethod, lowFirst, openProbe } from './probe.js'
import type { DataTarget } from './spec.js'
import type { Task } from './training.js'

/** Opens the fit of a data set: afresh, or where its learner was saved. */
export async function openDataFit (
  spec: FrequencyPrincipleSpec, target: DataTarget, context: RunContext, saved: OptimizerState | undefined
): Promise<Fit> {
  const optimizer = spec.optimizers[0]!
  const dataset = openClasses(context.data.data!)
  const inputs = openInputs(target, dataset, context.data.data!, context.random)
  const { examples } = inputs
  const { count } = examples.data
  const budget = { steps: stepsOf(optimizer, count, target.batchSize), ...budgetOf(optimizer) }
  const probe = openProbe(spec, target, examples, dataset.classes)
  const bands = groupByMethod(probe)
  const task = { spec, target, optimizer, inputs, goal: probe.target, budget, saved }
  const { learner, precision, ...training } = await openTraining(context, task)
  return {
    ...training,
    learner,
    budget,
    bands,
    goal: probe.target,
    measure: probe.measure,
    spectrum: probe.spectrum,
    shape: undefined,
    parameters: parameterCount(inputs.architecture),
    points: count,
    model: modelOf(inputs, context.data.data!, target.loss),
    descent: descentOf(optimizer),
    learningRate: 'learningRate' in optimizer ? optimizer.learningRate : 0,
    weights: () => inputs.toStored(training.weights()),
    moments: () => target.components === undefined ? training.moments?.() : undefined, // of no projection that is folded in
    findings: (history, accuracy) => ({
      data: { loss: target.loss, classes: dataset.classes, accuracy, lowFirst: lowFirst(bands, history), precision }
    })
  }
}

async function openTraining (context: RunContext, task: Task) {
  if (task.target.precision === 'float64') return openFloat64(context, task)
  const { openFloat32 } = await import('./float32.js') // not at the top: it loads the tensor library
  return await openFloat32(context, task)
}

function budgetOf (optimizer: OptimizerSpec): { evaluations?: number } {
  return 'evaluations' in optimizer && optimizer.evaluations !== undefined ? { evaluations: optimizer.evaluations } : {}
}

/**
 * The network as it is stored. Trained on cross-entropy it reads classes. Trained on squared loss it answers a number per
 * class, which no softmax may stand behind: so its head is values, and it has no training view, whose labels are classes.
 */
function modelOf (
  { given, examples: { target: labels }, stored: { architecture, preprocessing } }: Inputs,
  { fields: { inputs, target } }: Dataset,
  loss: DataTarget['loss']
): Omit<ModelEvent, 'type' | 'name'> {
  if (loss === 'squared') {
    const columns = (target as FieldOf<'classes'>).names.map(name => ({ name, unit: '1' }))
    return { network: { ...architecture, head: { type: 'values', loss } }, preprocessing, fields: { inputs, target: { type: 'values', columns } } }
  }
  const indices = Array.from(given.keys()).filter(i => labels[i] !== given[i])
  const relabelled = { indices, labels: indices.map(i => labels[i]!) }
  const trainingView = { data: 'data', split: 'train' as const, count: given.length, dropped: [], relabelled }
  return { network: { ...architecture, head: { type: 'classes' } }, preprocessing, trainingView }
}
