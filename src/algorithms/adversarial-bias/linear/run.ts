/**
 * One trial of a linear classifier: gradient descent adversarial training from w = 0 (Li, Fang, Xu, Zhao, arXiv 1906.02931,
 * Algorithm 1), beside which clean training has the radius 0. Next hops: train.ts takes the steps and records them,
 * references.ts finds what they are held against, conclude.ts says what came of it.
 */
import type { RunContext, RunEvent, TrialDefinition } from '../../contract.js'
import type { AdversarialResult } from '../result.js'
import type { AdversarialSpec } from '../spec.js'
import { conclude } from './conclude.js'
import { seekReferences } from './references.js'
import { train } from './train.js'
import { boundary, openTrial, radiusInForce, type TrialState } from './trial-state.js'

/** Runs one trial. The spec has one training, and a linear classifier. */
export async function * runLinear (
  { spec }: TrialDefinition<AdversarialSpec>, context: RunContext
): AsyncGenerator<RunEvent, AdversarialResult> {
  const trial = openTrial(spec, context)
  try {
    // 1. u, the direction of largest margin, and gamma_q, of which the radius is a part
    if (trial.references === undefined) yield * seek(trial)
    // 2. w <- w - eta (1 / n) sum_i grad loss((z_i + delta_i) . w) from 0, for every horizon that the radius is tuned to
    for (const { horizons } = trial.sought; trial.cursor.run < horizons.length;) yield * train(trial)
    // 3. where w / |w| has come to, and with which law
    return conclude(trial)
  } finally {
    trial.descent.close()
  }
}

function * seek (trial: TrialState): Generator<RunEvent, void> {
  const seeking = seekReferences(trial.rows, trial.sought)
  for (;;) {
    const { done, value } = seeking.next()
    if (done) {
      trial.references = value
      break
    }
    yield boundary(trial)
  }
  trial.descent.radius = radiusInForce(trial)
  yield boundary(trial)
}
