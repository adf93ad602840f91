/** A network on a data set in float32 on the tensor engine. Next hops: method.ts fits it, look.ts asks what it says. */
import { createNetwork } from '../../../tensor/network.js'
import type { RunContext } from '../../contract.js'
import { stepsPerBoundary } from '../../kit/cost.js'
import { isBatched } from './check.js'
import { openLook } from './look.js'
import { floatTolerance, openMethod, type Method } from './method.js'
import type { Task, Training } from './training.js'

/** Opens the training: afresh, or where its learner was saved. */
export async function openFloat32 (context: RunContext, task: Task): Promise<Training> {
  const { spec, target, optimizer, inputs: { examples, architecture }, goal, budget, saved } = task
  const engine = await context.engine()
  const { count } = examples.data
  const perEvaluation = isBatched(optimizer.type) ? Math.min(target.batchSize, count) : count
  const network = createNetwork(engine, architecture, context.random('init'))
  let method: Method | undefined
  const close = (): void => {
    method?.dispose()
    network.dispose()
  }
  try {
    const look = openLook(engine, network, examples, { loss: target.loss, goal })
    method = openMethod(engine, network, { spec, target, optimizer, examples, budget, random: context.random, saved })
    const { learner, settle, heed } = method
    return {
      learner,
      evaluationsPerBoundary: stepsPerBoundary(architecture, perEvaluation, engine.backend),
      precision: isBatched(optimizer.type)
        ? 'float32 throughout; evaluations are those of single batches'
        : `loss and gradient are float32, summed over chunks in Float64; gradientTolerance ${spec.gradientTolerance ?? floatTolerance}`,
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
      close
    }
  } catch (error) {
    close()
    throw error
  }
}
