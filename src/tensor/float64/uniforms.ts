/** Uniform numbers by the row from the kernels: the numbers of src/optimizers/uniforms.ts, some ten times as fast. */
import { type RandomStream } from '../../random.js'
import { loadKernels, type Kernels } from './kernels.js'

/** Its own memory: the networks' (workspace.ts) has no place to spare. */
let kernels: Kernels | undefined
let numbers: Float64Array = new Float64Array(0)

/** Opens the sequence of a stream, from the stream's next two integers. Each call begins a new Philox block. */
export function createFillUniform (stream: RandomStream): (into: Float64Array) => void {
  const key0 = stream.integer(4294967296)
  const key1 = stream.integer(4294967296)
  let counter = 0

  return function fill (into) {
    const blocks = Math.ceil(into.length / 4)
    const source = kernels ??= loadKernels('simd')
    const at = source.heapBase()
    source.reserve(at + blocks * 32)
    if (numbers.buffer !== source.memory.buffer) numbers = new Float64Array(source.memory.buffer)
    source.fillUniform(key0, key1, counter, blocks * 4, at)
    into.set(numbers.subarray(at / 8, at / 8 + into.length))
    counter += blocks
  }
}
