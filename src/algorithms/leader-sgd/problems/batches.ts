/**
 * Which examples a worker's step is made on. A worker goes through its share again and again, each pass in an order of its own,
 * and batches are cut from this row without an end: all are whole, also where a share is no multiple of them.
 */
import type { RandomStream } from '../../../math/random.js'

export interface BatchesOptions {
  /** training examples */
  count: number
  workers: number
  /** at most the examples of a share */
  batchSize: number
  /** sharded: in every pass the shares are parts of one permutation of all examples; full: each share is all examples */
  share: 'sharded' | 'full'
  random: (purpose: string, ...keys: number[]) => RandomStream
}

/** Makes the function that gives a batch. @returns positions of the examples, valid until the next call; step 0 is the first */
export function createBatches ({ count, workers, batchSize, share, random }: BatchesOptions): (worker: number, step: number) => Int32Array {
  const isSharded = share === 'sharded'
  const batch = new Int32Array(batchSize)
  const edges = Array.from({ length: workers + 1 }, (_, worker) => Math.floor(worker * count / workers))
  /** of every worker, the pass that it is in, and the one before: a batch may lie in two */
  const passes = Array.from({ length: workers }, () => new Map<number, Uint32Array>())
  let whole: { pass: number, order: Uint32Array } | undefined

  function shareOf (worker: number, pass: number): Uint32Array {
    if (!isSharded) return random('order', worker, pass).permutation(count)
    if (whole?.pass !== pass) whole = { pass, order: random('order', pass).permutation(count) }
    return whole.order.slice(edges[worker], edges[worker + 1])
  }

  function orderOf (worker: number, pass: number): Uint32Array {
    const known = passes[worker]!
    const order = known.get(pass) ?? shareOf(worker, pass)
    known.set(pass, order)
    for (const old of known.keys()) if (old !== pass && old !== pass - 1) known.delete(old)
    return order
  }

  return (worker, step) => {
    const size = isSharded ? edges[worker + 1]! - edges[worker]! : count
    for (let filled = 0; filled < batchSize;) {
      const at = step * batchSize + filled
      const from = at % size
      const part = orderOf(worker, Math.floor(at / size)).subarray(from, from + batchSize - filled)
      batch.set(part, filled)
      filled += part.length
    }
    return batch
  }
}
