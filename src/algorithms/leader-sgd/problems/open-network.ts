/**
 * Opens a network for an arm: the examples, what each thread learns with, what the trial's thread looks with, and the models
 * that it stores at the end. Next hops: network.ts, network-measuring.ts.
 */
import type { ModelEvent, RunContext, RunEvent } from '../../contract.js'
import type { Engine } from '../../../tensor/engine.js'
import { armOf } from '../arms.js'
import { countsOf, describe } from '../data.js'
import type { Learning } from '../learning.js'
import { criterionOf } from '../methods/index.js'
import type { Method } from '../methods/spec.js'
import type { LeaderSpec } from '../spec.js'
import { descentOf } from './descent.js'
import { createNetworkLearning, type NetworkOptions } from './network.js'
import { createNetworkMeasuring } from './network-measuring.js'
import { taskOf, type NetworkTask } from './network-task.js'
import type { Opened } from './opened.js'
import type { ProblemOf } from './spec.js'

type Random = RunContext['random']

/** What an arm learns, of the data set that the trial has. The spec has one method. */
export function networkTaskOf (spec: LeaderSpec, { data }: Pick<RunContext, 'data'>): NetworkTask {
  const dataset = data.data!
  const problem = spec.problem as ProblemOf<'network'>
  return taskOf(problem, dataset, countsOf(problem, spec.methods[0]!, describe(dataset)))
}

/** Opens the learning of one thread, the trial's own or a member of its crew. */
export function openNetworkLearning (engine: Engine, task: NetworkTask, spec: LeaderSpec, random: Random): Learning<Float32Array> {
  return createNetworkLearning(engine, optionsOf(task, spec, random))
}

/** Opens all that the trial's own thread needs. */
export async function openNetworkProblem (
  spec: LeaderSpec, context: Pick<RunContext, 'data' | 'engine' | 'random'>
): Promise<Opened<Float32Array>> {
  const task = networkTaskOf(spec, context)
  const options = optionsOf(task, spec, context.random)
  const engine = await context.engine()
  const learning = createNetworkLearning(engine, options)
  const measuring = createNetworkMeasuring(engine, options)

  /** The centre has statistics of batches of its own: those of the workers belong to their weights. */
  function * store (places: { centre: Float32Array, leader: Float32Array }, step: number): Generator<void, RunEvent[]> {
    const centre = measuring.reestimate ? yield * measuring.reestimate(places.centre) : places.centre
    const leader = storeModel('leader', places.leader)
    return options.workers === 1 ? leader : [...storeModel('centre', centre), ...leader]

    function storeModel (name: string, state: Float32Array): RunEvent[] {
      const learningRate = learning.rate(0, Math.max(0, step - 1))
      return [
        modelOf(name, task, spec.methods[0]!),
        { type: 'checkpoint', model: name, step, learningRate, arrays: measuring.arrays!(state) }
      ]
    }
  }

  return { learning, measuring, batchSize: options.problem.batchSize, testExamples: task.test.count, store }
}

function optionsOf (task: NetworkTask, spec: LeaderSpec, random: Random): NetworkOptions {
  const { workers, method } = armOf(spec, spec.methods[0]!)
  return {
    task,
    problem: spec.problem as ProblemOf<'network'>,
    descent: descentOf(spec),
    workers,
    startOf: worker => spec.start === 'shared' ? 0 : worker,
    criterion: criterionOf(method),
    random
  }
}

/** Pulls between workers are no gradients of examples: no weights of checkpoints follow from such steps. */
function modelOf (name: string, { architecture, preprocessing, train }: NetworkTask, { type }: Method): ModelEvent {
  return {
    type: 'model',
    name,
    network: architecture,
    preprocessing,
    descent: { type: 'other', name: type },
    trainingView: { data: 'data', split: 'train', count: train.count, dropped: [], relabelled: { indices: [], labels: [] } }
  }
}
