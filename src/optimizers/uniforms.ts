/**
 * Uniform numbers by the row, for pso.ts: a move of 60 particles in 91 dimensions needs 10920, and one at a time from a
 * RandomStream they take as long as the objective. Philox blocks (src/random.ts) under a key that the stream gives.
 */
import { philox, type RandomStream } from '../random.js'

/** Fills `into` with the next numbers, uniform on [0, 1), with 32 random bits each. */
export type FillUniform = (into: Float64Array) => void

/** Opens the sequence of a stream, from the stream's next two integers. */
export function createFillUniform (stream: RandomStream): FillUniform {
  const key0 = stream.integer(4294967296)
  const key1 = stream.integer(4294967296)
  const block = new Uint32Array(4)
  let counter = 0

  return function fill (into) {
    const { length } = into
    for (let i = 0; i < length; i += 4) {
      block[0] = counter >>> 0
      block[1] = Math.floor(counter / 4294967296)
      block[2] = 0
      block[3] = 0
      philox(block, key0, key1)
      counter++
      const many = Math.min(4, length - i)
      for (let k = 0; k < many; k++) into[i + k] = block[k]! / 4294967296
    }
  }
}
