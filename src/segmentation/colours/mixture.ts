/**
 * What colours a label has, as a mixture of Gaussians with full covariances in which every pixel counts for its likeliest
 * Gaussian alone: Rother, Kolmogorov, Blake 2004, "GrabCut", equations 8 and 9:
 *
 *   D(z) = min_k -log pi_k + 1/2 log det(2 pi Sigma_k) + 1/2 (z - mu_k)^T Sigma_k^-1 (z - mu_k)
 *
 * Differs: Sigma_k is that of the pixels and the identity: scribbles are few pixels, of which often all have one colour.
 */
import type { RandomStream } from '../../math/random.js'
import { clusterColours } from './cluster.js'

/** Of the colours of one label. */
export interface Mixture {
  channels: 1 | 3
  /**
   * [components, 10]: constant of D, mean, and the inverse covariance as (00, 11, 22, 01, 02, 12); of grey only the first of
   * each, the others 0. The constant of a Gaussian without pixels is Infinity.
   */
  gaussians: Float64Array
}

/** numbers of a Gaussian */
const SIZE = 10
/** Added to all variances: a step of the samples. Less makes what a few scribbled pixels do not show all but impossible. */
const LEAST_VARIANCE = 1

/**
 * Fits a mixture to colours: clusters of k-means each become a Gaussian.
 * @param colours  [count, channels], count >= 1
 * @param components  most Gaussians: fewer where there are fewer colours
 */
export function fitMixture (colours: Uint8Array, channels: 1 | 3, components: number, stream: RandomStream): Mixture {
  const { assignments, clusters } = clusterColours(colours, channels, components, stream)
  return estimate(colours, channels, assignments, clusters)
}

/** One step of what GrabCut iterates: gives every colour to its likeliest Gaussian, and fits each to what it got. */
export function refitMixture (mixture: Mixture, colours: Uint8Array): Mixture {
  const { channels, gaussians } = mixture
  const assignments = new Uint8Array(colours.length / channels)
  costsOf(mixture, colours, new Float64Array(assignments.length), assignments)
  return estimate(colours, channels, assignments, gaussians.length / SIZE)
}

/**
 * D of every colour, in place.
 * @param colours   [count, channels]
 * @param costs     [count]
 * @param likeliest [count]: gets the number of the Gaussian that each takes
 */
export function costsOf ({ channels, gaussians }: Mixture, colours: Uint8Array, costs: Float64Array, likeliest?: Uint8Array): void {
  for (let i = 0; i < costs.length; i++) {
    const at = i * channels
    const first = colours[at]!
    const second = channels === 1 ? 0 : colours[at + 1]!
    const third = channels === 1 ? 0 : colours[at + 2]!
    let least = Infinity
    let best = 0
    for (let k = 0; k < gaussians.length; k += SIZE) {
      const x = first - gaussians[k + 1]!
      const y = second - gaussians[k + 2]!
      const z = third - gaussians[k + 3]!
      const square = x * x * gaussians[k + 4]! + y * y * gaussians[k + 5]! + z * z * gaussians[k + 6]! +
        2 * (x * y * gaussians[k + 7]! + x * z * gaussians[k + 8]! + y * z * gaussians[k + 9]!)
      const cost = gaussians[k]! + 0.5 * square
      if (cost < least) {
        least = cost
        best = k
      }
    }
    costs[i] = least
    if (likeliest !== undefined) likeliest[i] = best / SIZE
  }
}

/** A Gaussian for each number among the assignments: share, mean and covariance of its colours. */
function estimate (colours: Uint8Array, channels: 1 | 3, assignments: Uint8Array, components: number): Mixture {
  const count = assignments.length
  // [components, 10]: count, sums, sums of squares and products in the order of a Gaussian
  const moments = new Float64Array(components * SIZE)
  for (let i = 0; i < count; i++) {
    const at = i * channels
    const x = colours[at]!
    const y = channels === 1 ? 0 : colours[at + 1]!
    const z = channels === 1 ? 0 : colours[at + 2]!
    const k = assignments[i]! * SIZE
    moments[k]!++
    moments[k + 1]! += x
    moments[k + 2]! += y
    moments[k + 3]! += z
    moments[k + 4]! += x * x
    moments[k + 5]! += y * y
    moments[k + 6]! += z * z
    moments[k + 7]! += x * y
    moments[k + 8]! += x * z
    moments[k + 9]! += y * z
  }
  const gaussians = new Float64Array(moments.length)
  for (let k = 0; k < moments.length; k += SIZE) toGaussian(moments.subarray(k, k + SIZE), count, channels, gaussians.subarray(k, k + SIZE))
  return { channels, gaussians }
}

/** Writes the Gaussian of some moments. @param all pixels of all Gaussians */
function toGaussian (moments: Float64Array, all: number, channels: 1 | 3, into: Float64Array): void {
  const count = moments[0]!
  if (count === 0) {
    into[0] = Infinity
    return
  }
  const [mx, my, mz] = [moments[1]! / count, moments[2]! / count, moments[3]! / count]
  const of = (at: number, product: number): number => moments[at]! / count - product
  const a = of(4, mx * mx) + LEAST_VARIANCE
  const share = -Math.log(count / all) + channels / 2 * Math.log(2 * Math.PI)
  if (channels === 1) {
    into.set([share + 0.5 * Math.log(a), mx, 0, 0, 1 / a])
    return
  }
  const [b, c] = [of(5, my * my) + LEAST_VARIANCE, of(6, mz * mz) + LEAST_VARIANCE]
  const [d, e, f] = [of(7, mx * my), of(8, mx * mz), of(9, my * mz)]
  // Cofactors of [[a, d, e], [d, b, f], [e, f, c]], which is positive definite by the identity in it.
  const [aa, dd, ee] = [b * c - f * f, e * f - d * c, d * f - b * e]
  const determinant = a * aa + d * dd + e * ee
  into.set([
    share + 0.5 * Math.log(determinant), mx, my, mz,
    aa / determinant, (a * c - e * e) / determinant, (a * b - d * d) / determinant,
    dd / determinant, ee / determinant, (d * e - a * f) / determinant
  ])
}
