/** Uniform numbers from the kernels beside Philox of src/math/random.ts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStream, philox } from '../../../src/math/random.js'
import { loadKernels } from '../../../src/tensor/float64/kernels.js'
import { fillUniform } from '../../../src/tensor/float64/uniforms.js'
import { createPlainKernels } from './plain-kernels.js'

test('fillUniform: blocks of Philox under the key of the stream', () => {
  for (const length of [4, 182, 1, 7, 0, 20000, 3]) {
    const stream = openStream(5, 'pso', length)
    const [key0, key1] = [stream.integer(2 ** 32), stream.integer(2 ** 32)]
    const blocks = Array.from({ length: Math.ceil(length / 4) }, (_, counter) => {
      const block = Uint32Array.of(counter, 0, 0, 0)
      philox(block, key0, key1)
      return [...block]
    })
    const numbers = new Float64Array(length)
    fillUniform(openStream(5, 'pso', length), numbers)
    assert.deepEqual([...numbers], blocks.flat().slice(0, length).map(word => word / 2 ** 32))
  }
})

test('fillUniform: uniform on [0, 1), other numbers for other streams', () => {
  const [numbers, others] = [new Float64Array(100_000), new Float64Array(100)]
  fillUniform(openStream(1, 'pso', 5), numbers)
  assert.ok(numbers.every(u => u >= 0 && u < 1))
  const mean = numbers.reduce((sum, u) => sum + u, 0) / numbers.length
  const variance = numbers.reduce((sum, u) => sum + (u - mean) ** 2, 0) / numbers.length
  assert.ok(Math.abs(mean - 1 / 2) < 0.004 && Math.abs(variance - 1 / 12) < 0.002)
  fillUniform(openStream(1, 'pso', 6), others)
  assert.ok(others.every((u, i) => u !== numbers[i]))
})

test('uniforms: simd and plain kernels agree to the bit, beyond 2^32 blocks too', () => {
  const rows = [loadKernels(), createPlainKernels()].map(kernels => {
    const at = kernels.heapBase()
    kernels.reserve(at + 64 * 8)
    kernels.fillUniform(0xfedcba98, 0x89abcdef, 2 ** 32 - 3, 64, at)
    return new Float64Array(kernels.memory.buffer, at, 64).slice()
  })
  assert.deepEqual(rows[0], rows[1])
})
