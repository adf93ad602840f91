/**
 * One trial: partial cross-entropy first, then the method (Marin, Tang, Ben Ayed, Boykov 2019, arXiv 1809.02322). Next hops:
 * beside.ts finds X, losses.ts is what is descended on, stages.ts measures.
 */
import { parameterCount } from '../../tensor/architecture.js'
import type { Source } from '../../tensor/batches.js'
import type { RunContext, RunEvent, TrialDefinition } from '../contract.js'
import { descentOf } from '../kit/descent.js'
import type { Learner } from '../kit/learner.js'
import { openSource } from './crops.js'
import { lossOf } from './losses.js'
import type { SegmentationResult } from './result.js'
import type { SegmentationSpec } from './spec.js'
import { stagesOf } from './stages.js'
import { openTrial, type TrialState } from './trial-state.js'
import { epochsOf, gradientsOf } from './work.js'

/** Runs one trial. The spec has one method, and one length of scribbles. */
export async function * run (
  definition: TrialDefinition<SegmentationSpec>, context: RunContext
): AsyncGenerator<RunEvent, SegmentationResult> {
  const trial = await openTrial(definition, context)
  try {
    // 1. theta-steps on l(S_theta, Y), the partial cross-entropy with the scribbles, until it behaves
    // 2. X-step:     X = argmin_X sum_p -log S_p(X_p) + lambda R(X), X_p = Y_p on scribbles
    //    theta-step: descent on l(S_theta, Y) + gamma sum_p CE(X_p, S_p); others on their own losses
    yield * openLearner(trial).run()
    return conclude(trial)
  } finally {
    trial.close()
  }
}

function openLearner (trial: TrialState): Learner {
  const { spec, method, random, examples, architecture, labels, pixels } = trial
  const learner = trial.openLearner({
    ...examples,
    source: feed(trial, () => learner.steps()),
    loss: lossOf(method),
    ...(spec.flip ? { augmentation: { flip: true } } : {}),
    architecture,
    batchSize: spec.batchSize,
    epochs: epochsOf(spec),
    optimizer: descentOf(spec.optimizer),
    init: random('init'),
    order: epoch => random('order', epoch).permutation(examples.data.count),
    rate: trial.rate,
    gradients: gradientsOf(method, architecture, { pixels, labels }),
    metrics: (loss, learningRate) => ({ loss, learningRate }),
    onStep: () => trial.progress.add(1),
    stages: stagesOf(trial, () => learner)
  })
  return learner
}

/** Batches are fed, with what belongs to their pictures as it is found at this step. */
function feed (trial: TrialState, steps: () => number): Source {
  const { beside } = trial
  const source = openSource(trial, steps)
  if (beside?.when !== 'steps') return source
  return {
    ...source,
    feed (indices) {
      if (trial.isWarm()) trial.find(indices)
      return source.feed(indices)
    }
  }
}

function conclude ({ architecture, known }: TrialState): SegmentationResult {
  return { outcome: 'finished', parameters: parameterCount(architecture), ...known }
}
