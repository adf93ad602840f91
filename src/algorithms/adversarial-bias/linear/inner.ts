/** How far a perturbation comes, by how the worst one is found. Pure. */
import type { LinearProblem } from './spec.js'

/**
 * Length of the perturbation that training uses, at most the radius.
 *
 * A linear classifier's loss at z + delta has the gradient -weight w whatever z and delta are: the step of steepest ascent in the
 * norm, of length a c, is -a c s in every step and for every point, s being the subgradient of |.|_p at w, |s|_q = 1. From the
 * point itself on, delta is therefore -t s, and its projection into the ball bounds t by c: k steps come to min(k a, 1) c.
 */
export function reachOf (inner: LinearProblem['inner'], radius: number): number {
  if (inner.type === 'exact') return radius
  return Math.min(inner.steps * inner.stepSize, 1) * radius
}
