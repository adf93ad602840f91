/**
 * One trial of a network: adversarial training by projected gradient steps (Madry et al. 2018, arXiv:1706.06083, section 2),
 * beside which clean training has the radius 0. Next hops: stages.ts measures and attacks, trial-state.ts holds what is known.
 */
import { parameterCount } from '../../../tensor/architecture.js'
import { createPerturb } from '../../../tensor/attack.js'
import type { RunContext, RunEvent, TrialDefinition } from '../../contract.js'
import { descentOf } from '../../kit/descent.js'
import type { AdversarialResult } from '../result.js'
import type { AdversarialSpec } from '../spec.js'
import { reachOf } from './adversary.js'
import type { NetworkProblem } from './spec.js'
import { modelName, stagesOf } from './stages.js'
import { createStopwatch } from './stopwatch.js'
import { openTrial, type TrialState } from './trial-state.js'
import { gradientsOf } from './work.js'

/** Runs one trial. The spec has one training, and a network to train. */
export async function * runNetwork (
  { spec }: TrialDefinition<AdversarialSpec>, context: RunContext
): AsyncGenerator<RunEvent, AdversarialResult> {
  const trial = await openTrial(spec.problem as NetworkProblem, spec.trainings[0]!, context)
  try {
    // 1. delta_i = argmax over |delta|_q <= c of l(theta, x_i + delta), by projected gradient steps from 0
    //    theta <- theta - eta (1 / n) sum_i grad l(theta, x_i + delta_i)
    // 2. after every epoch, and harder at the end: who withstands which radius
    yield * train(trial)
    return conclude(trial)
  } finally {
    trial.close()
  }
}

async function * train (trial: TrialState): AsyncGenerator<RunEvent, void> {
  const { problem, training, random, radius, known, threat } = trial
  const { attack: { steps, stepSize, ...attack }, epochs, batchSize } = problem
  const stopwatch = createStopwatch(trial.clock)
  const learner = trial.openLearner({
    ...trial.train,
    architecture: trial.architecture,
    batchSize,
    epochs,
    optimizer: descentOf(problem.optimizer),
    init: random('init'),
    order: epoch => random('order', epoch).permutation(trial.train.data.count),
    rate: trial.rate,
    reach: (epoch, within) => reachOf(attack, epoch, within),
    gradients: gradientsOf(problem, training),
    ...(radius > 0
      ? { perturb: network => createPerturb(trial.engine, network, threat, { radius, steps, stepSize: stepSize * radius }) }
      : {}),
    metrics: (robustLoss, learningRate, reach) => ({ robustLoss, learningRate, radius: reach * radius }),
    onStep () {
      stopwatch.lap()
      return trial.progress.add(1)
    },
    stages: stagesOf(trial, () => learner, stopwatch)
  })
  if (!known.isAnnounced) {
    yield announce(trial)
    known.isAnnounced = true
  }
  yield * learner.run()
}

function announce ({ architecture, preprocessing, problem: { optimizer }, radius, train: { data: { count } } }: TrialState): RunEvent {
  return {
    type: 'model',
    name: modelName,
    network: architecture,
    preprocessing,
    descent: { ...descentOf(optimizer), ...(radius > 0 ? { beside: ['an adversary moved the examples of every step'] } : {}) },
    trainingView: { data: 'data', split: 'train', count, dropped: [], relabelled: { indices: [], labels: [] } }
  }
}

function conclude ({ architecture, radius, attacked, known: { isAnnounced, ...found } }: TrialState): AdversarialResult {
  return {
    outcome: 'finished',
    of: { type: 'network', parameters: parameterCount(architecture), radius, examples: attacked.length, ...found }
  }
}
