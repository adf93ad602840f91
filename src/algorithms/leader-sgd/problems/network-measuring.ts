/** What states of a network are worth: on the test split, with their own statistics of batches or with ones estimated anew. */
import { arraysOf, copyArrays } from '../../../tensor/array-state.js'
import type { Engine } from '../../../tensor/engine.js'
import { createNetwork } from '../../../tensor/network.js'
import { reestimateInParts } from '../../../tensor/statistics.js'
import { examplesPerBoundary } from '../../kit/cost.js'
import { evaluateInParts, meanLoss } from '../../kit/passes.js'
import type { Measuring } from '../learning.js'
import type { NetworkOptions } from './network.js'
import { examplesOf } from './network-task.js'

/** Makes what looks at states; it has a network of its own. */
export function createNetworkMeasuring (
  engine: Engine, { task, problem: { batchSize }, random }: Pick<NetworkOptions, 'task' | 'problem' | 'random'>
): Measuring<Float32Array> {
  const { architecture } = task
  const network = createNetwork(engine, architecture, random('unused'))
  const test = examplesOf(task, task.test)
  const part = examplesPerBoundary(architecture, 1, engine.backend)
  const show = (state: Float32Array) => { network.load(arraysOf(network, state)) }

  function * reestimate (state: Float32Array): Generator<void, Float32Array> {
    show(state)
    yield * reestimateInParts(engine, network, examplesOf(task, task.train), batchSize)
    const found = state.slice()
    copyArrays(network, found)
    return found
  }

  return {
    * measure (state) {
      show(state)
      const verdicts = yield * evaluateInParts(engine, network, test, part)
      const mistakes = [...verdicts.predictions.keys()].filter(i => verdicts.predictions[i] !== task.test.labels[i])
      return { loss: meanLoss(verdicts), error: mistakes.length / task.test.count, mistakes }
    },
    ...(network.statistics.length > 0 ? { reestimate } : {}),
    arrays: state => arraysOf(network, state),
    dispose () { network.dispose() }
  }
}
