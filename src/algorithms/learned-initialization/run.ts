/**
 * One trial: Algorithms Arg-Init and Val-Init of Ahuja, Dhurandhar, Varshney (arXiv 2012.12141), and what they are compared with,
 * which learn nothing. Next hops: collect.ts, fit.ts, start.ts, solve.ts; trial-state.ts holds what is known.
 */
import type { RunContext, RunEvent, TrialDefinition } from '../contract.js'
import { collect } from './collect.js'
import { conclude } from './conclude.js'
import { fit } from './fit.js'
import type { InitializationResult } from './result.js'
import { solve } from './solve.js'
import type { InitializationSpec } from './spec.js'
import { start } from './start.js'
import { openTrial } from './trial-state.js'

/** Runs one trial. The spec has one initialiser. */
export async function * run (
  { spec }: TrialDefinition<InitializationSpec>, context: RunContext
): AsyncGenerator<RunEvent, InitializationResult> {
  const trial = openTrial(spec, context)
  try {
    // 1. collect: for i < N: x_i ~ D, theta0_i ~ P0, (thetaK_i, v_i) = GD(theta0_i, x_i)
    yield * collect(trial)
    // 2. fit: h_arg(x_i) ~ thetaK_i, or h_val(theta0_i, x_i) ~ v_i
    const fitted = yield * fit(trial)
    // 3. a new x: theta0 = h_arg(x), or the c_j ~ P0 of least h_val(c_j, x), or what else the arm is; then GD(theta0, x)
    yield * start(trial, fitted)
    const solved = yield * solve(trial)
    // 4. where they ended
    return conclude(trial, solved)
  } finally {
    trial.close()
  }
}
