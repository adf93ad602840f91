/**
 * Many uniform numbers at once, for particle swarms: a move of 60 particles in 91 dimensions needs 10920, and one at a time
 * from a RandomStream they take as long as the objective. Philox blocks (src/math/random.ts) under a key that the stream gives.
 */
import type { RandomStream } from '../../math/random.js'
import { loadKernels, type Kernels } from './kernels.js'

/** Its own memory: the networks' (workspace.ts) has no place to spare. */
let kernels: Kernels | undefined

/** Fills `into` with numbers uniform on [0, 1), of 32 random bits each, that follow from the stream's next two integers. */
export function fillUniform (stream: RandomStream, into: Float64Array): void {
  const key0 = stream.integer(4294967296)
  const key1 = stream.integer(4294967296)
  const count = 4 * Math.ceil(into.length / 4)
  kernels ??= loadKernels()
  const at = kernels.heapBase()
  kernels.reserve(at + 8 * count)
  kernels.fillUniform(key0, key1, 0, count, at)
  into.set(new Float64Array(kernels.memory.buffer, at, into.length))
}
