/**
 * Counter-based random streams: the n-th number of a stream is a function of (seed, purpose, keys, n) and of nothing
 * else, so arms are paired, a resumed run needs no generator state, and the order of asking does not matter.
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").
 */

const M0 = 0xD2511F53
const M1 = 0xCD9E8D57
const W0 = 0x9E3779B9
const W1 = 0xBB67AE85

export interface RandomStream {
  /** The next number, uniform on [0, 1), with 53 random bits. */
  uniform (): number
  /** The next number of the standard normal distribution (Box-Muller). */
  normal (): number
  /** The next integer, uniform on 0 .. below - 1. @param below 1 .. 2^32 */
  integer (below: number): number
  /** A permutation of 0 .. count - 1 (Fisher-Yates, from the stream's next numbers). */
  permutation (count: number): Uint32Array
}

/**
 * Opens the stream of one purpose.
 * @param seed     integer, 0 .. 2^53 - 1
 * @param purpose  what the numbers are for: 'init', 'order', 'noise'
 * @param keys     integers that tell streams of one purpose apart: epoch, worker
 */
export function openStream (seed: number, purpose: string, ...keys: number[]): RandomStream {
  const [k0, k1] = keyOfStream(seed, purpose, ...keys)
  const block = new Uint32Array(4)
  let counter = 0
  let used = 4
  let spareNormal: number | undefined

  function word (): number {
    if (used === 4) {
      block[0] = counter >>> 0
      block[1] = Math.floor(counter / 4294967296)
      block[2] = 0
      block[3] = 0
      philox(block, k0, k1)
      counter++
      used = 0
    }
    return block[used++]!
  }

  function uniform (): number {
    const high = word() >>> 5 // 27 bits
    const low = word() >>> 6 // 26 bits
    return (high * 67108864 + low) / 9007199254740992
  }

  function normal (): number {
    if (spareNormal !== undefined) {
      const value = spareNormal
      spareNormal = undefined
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spareNormal = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  function integer (below: number): number {
    return Math.floor(uniform() * below)
  }

  function permutation (count: number): Uint32Array {
    const order = new Uint32Array(count)
    for (let i = 0; i < count; i++) order[i] = i
    for (let i = count - 1; i > 0; i--) {
      const j = integer(i + 1)
      const swap = order[i]!
      order[i] = order[j]!
      order[j] = swap
    }
    return order
  }

  return { uniform, normal, integer, permutation }
}

/** The key of a stream's Philox numbers, two words. */
export function keyOfStream (seed: number, purpose: string, ...keys: number[]): [number, number] {
  return hash64(`${seed}/${purpose}/${keys.join('/')}`)
}

/** Replaces a block's counter, four 32-bit words, by its ten-round Philox numbers under the key. */
export function philox (block: Uint32Array, key0: number, key1: number): void {
  let c0 = block[0]!
  let c1 = block[1]!
  let c2 = block[2]!
  let c3 = block[3]!
  let k0 = key0 >>> 0
  let k1 = key1 >>> 0
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(M0, c0)
    const low0 = Math.imul(M0, c0) >>> 0
    const high1 = multiplyHigh(M1, c2)
    const low1 = Math.imul(M1, c2) >>> 0
    c0 = (high1 ^ c1 ^ k0) >>> 0
    c1 = low1
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c3 = low0
    k0 = (k0 + W0) >>> 0
    k1 = (k1 + W1) >>> 0
  }
  block[0] = c0
  block[1] = c1
  block[2] = c2
  block[3] = c3
}

/** High 32 bits of the product of two 32-bit unsigned integers. */
function multiplyHigh (a: number, b: number): number {
  const a1 = a >>> 16
  const a0 = a & 0xffff
  const b1 = b >>> 16
  const b0 = b & 0xffff
  // No sum reaches 2^32; integers of 32 bits all the way are twice as quick as Float64.
  const middle = (Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)) >>> 0
  const carry = (Math.imul(a0, b1) + (middle & 0xffff)) >>> 0
  return (Math.imul(a1, b1) + (middle >>> 16) + (carry >>> 16)) >>> 0
}

/** 64-bit FNV-1a of a text, as two 32-bit words. */
function hash64 (text: string): [number, number] {
  let hash = 0xcbf29ce484222325n
  for (let i = 0; i < text.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n)
  }
  return [Number(hash >> 32n), Number(hash & 0xffffffffn)]
}
