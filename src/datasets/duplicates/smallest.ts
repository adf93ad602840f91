/** The smallest of many numbers, without keeping or sorting all of them. */

export interface Smallest {
  add (value: number): void
  /** No number above it is among them. */
  atMost (): number
  /** Ascending. */
  list (): Float64Array
}

/**
 * Collects the `count` smallest of the numbers that come, or all where fewer come: twice as many are kept, and the larger half
 * goes when there is no more room.
 */
export function createSmallest (count: number): Smallest {
  const kept = new Float64Array(2 * count)
  let size = 0
  let limit = Infinity
  const sort = (): Float64Array => kept.subarray(0, size).sort().subarray(0, count)
  return {
    add (value) {
      if (value > limit) return
      kept[size++] = value
      if (size < kept.length) return
      limit = sort()[count - 1]!
      size = count
    },
    atMost: () => limit,
    list: () => sort().slice()
  }
}
