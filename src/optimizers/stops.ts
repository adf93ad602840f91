/** What one can do about each way to end. */
import type { StopReason } from './optimizer.js'

export const advice: Record<StopReason, string> = {
  gradient: 'It has converged. A smaller gradientTolerance goes on, as far as the rounding of the objective allows.',
  value: 'It has reached its aim. A smaller targetValue goes on.',
  steps: 'Raise the budget of steps to go on from here.',
  evaluations: 'Raise the budget of evaluations to go on from here.',
  'line-search': 'Hold the gradient against central differences; look for jumps and kinks of the objective; ' +
    'where it computes in float32, set gradientTolerance to 1e-3.',
  stalled: 'Take it as converged to the precision of the objective. Smaller tolerances, Float64 in place of float32, or another start may gain more.',
  unbounded: 'No minimum was in sight. Look at the sign of the objective, bound it, or add a penalty on large parameters; the best point is only how far it came.',
  'not-finite': 'Take the best so far. Lower the learning rate, the inertia or the spread of the start, or look at the data.'
}
