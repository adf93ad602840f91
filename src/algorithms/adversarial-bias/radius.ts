/** How far a perturbation of a linear classifier's points goes, once their largest margin is known. Pure. */
import type { NormOrder, Radius } from './perturbation-spec.js'

/**
 * c of a training.
 * @param gamma   gamma_q, the largest radius that leaves the points separable; not above 0 where they are not separable
 * @param horizon T, its steps
 */
export function radiusOf (radius: Radius, gamma: number, horizon: number): number {
  const most = Math.max(0, gamma)
  switch (radius.type) {
    case 'none': return 0
    case 'absolute': return radius.value
    case 'fraction': return radius.of * most
    // gamma - c of the order log T / sqrt T makes the direction's error that of 1 / sqrt T; in units of gamma, so that it is free of scale
    case 'tuned': return most * (1 - Math.min(1 / 2, Math.log(horizon) / Math.sqrt(horizon)))
  }
}

/** q as a number. */
export function orderOf (q: NormOrder): number {
  return q === 'infinity' ? Infinity : q
}
