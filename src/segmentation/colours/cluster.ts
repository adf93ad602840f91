/**
 * Clusters of colours by k-means, begun as Arthur and Vassilvitskii 2007 do ("k-means++: The Advantages of Careful Seeding"):
 * the first centre is drawn from all colours, each further one with a chance in proportion to its squared distance from the
 * nearest so far.
 */
import type { RandomStream } from '../../math/random.js'

/** Gaussians are fitted to the clusters and then refined: that these are not yet the last ones matters little. */
const MOST_ROUNDS = 10

export interface Clusters {
  /** [count]: the cluster of each colour */
  assignments: Uint8Array
  /** how many there are: fewer than wanted where there are fewer colours */
  clusters: number
}

/**
 * Clusters colours.
 * @param colours [count, channels], count >= 1
 * @param wanted  1 .. 255
 */
export function clusterColours (colours: Uint8Array, channels: number, wanted: number, stream: RandomStream): Clusters {
  const centres = seed(colours, channels, wanted, stream)
  const clusters = centres.length / channels
  const assignments = new Uint8Array(colours.length / channels)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const isSettled = !assign(colours, channels, centres, assignments)
    if (isSettled && round > 0) break
    moveCentres(colours, channels, assignments, centres)
  }
  return { assignments, clusters }
}

function seed (colours: Uint8Array, channels: number, wanted: number, stream: RandomStream): Float64Array {
  const count = colours.length / channels
  const nearest = new Float64Array(count).fill(Infinity)
  const centres: number[] = []
  let next = stream.integer(count)
  for (;;) {
    const centre = colours.subarray(next * channels, (next + 1) * channels)
    centres.push(...centre)
    let sum = 0
    for (let i = 0; i < count; i++) {
      nearest[i] = Math.min(nearest[i]!, squareDistance(colours, i * channels, centre, 0, channels))
      sum += nearest[i]!
    }
    if (sum === 0 || centres.length === wanted * channels) return Float64Array.from(centres)
    let left = stream.uniform() * sum
    for (next = 0; next < count - 1; next++) {
      left -= nearest[next]!
      if (left < 0) break
    }
    while (nearest[next] === 0) next-- // where rounding leaves a rest behind the last one
  }
}

/** Gives every colour to its nearest centre. @returns whether any changed */
function assign (colours: Uint8Array, channels: number, centres: Float64Array, assignments: Uint8Array): boolean {
  let hasChanged = false
  for (let i = 0; i < assignments.length; i++) {
    let least = Infinity
    let best = 0
    for (let k = 0; k < centres.length; k += channels) {
      const square = squareDistance(colours, i * channels, centres, k, channels)
      if (square < least) {
        least = square
        best = k / channels
      }
    }
    if (assignments[i] === best) continue
    assignments[i] = best
    hasChanged = true
  }
  return hasChanged
}

/** Moves centres to the means of their colours; one without any stays. */
function moveCentres (colours: Uint8Array, channels: number, assignments: Uint8Array, centres: Float64Array): void {
  const sums = new Float64Array(centres.length)
  const counts = new Float64Array(centres.length / channels)
  for (let i = 0; i < assignments.length; i++) {
    const k = assignments[i]!
    counts[k]!++
    for (let channel = 0; channel < channels; channel++) sums[k * channels + channel]! += colours[i * channels + channel]!
  }
  for (let at = 0; at < centres.length; at++) {
    const count = counts[Math.floor(at / channels)]!
    if (count > 0) centres[at] = sums[at]! / count
  }
}

function squareDistance (a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number, channels: number): number {
  let square = 0
  for (let channel = 0; channel < channels; channel++) square += (a[i + channel]! - b[j + channel]!) ** 2
  return square
}
