/**
 * Orders examples by a score, and says how good such an order is at finding examples that are known to be wrong.
 * Pure; ties always go to the smaller index, so that equal scores give equal answers everywhere.
 */

/** Indices of scores from the largest to the smallest. */
export function rankDescending (scores: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i)
  return order.sort((i, j) => scores[j]! - scores[i]! || i - j)
}

/**
 * The indices of the k largest scores (sign 1) or the k smallest (sign -1), the most extreme first.
 * Keeps a heap of k whose root is the worst kept: n log k steps at most, and about n for random orders.
 */
export function topK (scores: ArrayLike<number>, k: number, sign: 1 | -1 = 1): number[] {
  const size = Math.min(k, scores.length)
  if (size === 0) return []
  const heap = new Uint32Array(size)
  let filled = 0

  // i comes after j in the answer
  const isWorse = (i: number, j: number) => {
    const difference = sign * (scores[i]! - scores[j]!)
    return difference < 0 || (difference === 0 && i > j)
  }
  const sink = (at: number, length: number) => {
    const moving = heap[at]!
    for (;;) {
      let child = 2 * at + 1
      if (child >= length) break
      if (child + 1 < length && isWorse(heap[child + 1]!, heap[child]!)) child++
      if (!isWorse(heap[child]!, moving)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = moving
  }

  for (let i = 0; i < scores.length; i++) {
    if (filled < size) {
      heap[filled++] = i
      if (filled === size) for (let at = (size >> 1) - 1; at >= 0; at--) sink(at, size)
    } else if (isWorse(heap[0]!, i)) {
      heap[0] = i
      sink(0, size)
    }
  }
  return Array.from(heap).sort((i, j) => isWorse(i, j) ? 1 : -1)
}

/** How well an order finds marked examples. */
export interface Discovery {
  /** found[r]: how many of the marked are among the first r + 1 */
  found: Uint32Array
  marked: number
}

/**
 * Walks along an order and counts the marked examples.
 * @param order    a permutation of the examples, the most suspicious first
 * @param isMarked 1 for the examples that are to be found
 */
export function discover (order: ArrayLike<number>, isMarked: Uint8Array): Discovery {
  const found = new Uint32Array(order.length)
  let count = 0
  for (let rank = 0; rank < order.length; rank++) {
    count += isMarked[order[rank]!]!
    found[rank] = count
  }
  return { found, marked: count }
}

/**
 * Fraction of the marked that are among the first floor(share x n): F(q) of the mislabelling protocol.
 * @param share of the examples that are checked, 0 .. 1
 */
export function foundAt ({ found, marked }: Discovery, share: number): number {
  // share x n of a whole number may come out just below it: 0.3 x 1400 must not lose an example
  const checked = Math.floor(share * found.length + 1e-9)
  return checked === 0 || marked === 0 ? 0 : found[checked - 1]! / marked
}

/** Area under the fraction-found curve: its mean over all ranks. Chance gives about 0.5. */
export function areaUnder ({ found, marked }: Discovery): number {
  if (marked === 0) return 0
  let sum = 0
  for (const count of found) sum += count
  return sum / (marked * found.length)
}

/**
 * The fraction-found curve as at most maxPoints pairs [share checked, fraction found], both ends included.
 * Half of the points lie in the first fifth, where the methods differ.
 */
export function thinCurve ({ found, marked }: Discovery, maxPoints: number): [number, number][] {
  const n = found.length
  const ranks = new Set<number>([0, n])
  const half = Math.floor((maxPoints - 2) / 2)
  for (let i = 1; i <= half; i++) {
    ranks.add(Math.round(0.2 * n * i / half))
    ranks.add(Math.round(0.2 * n + 0.8 * n * i / half))
  }
  return [...ranks].sort((a, b) => a - b)
    .map(rank => [rank / n, rank === 0 || marked === 0 ? 0 : found[rank - 1]! / marked])
}
