/** Uniform numbers from the kernels beside src/optimizers/uniforms.ts, which takes them from src/random.ts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFillUniform as createReference } from '../../../src/optimizers/uniforms.js'
import { openStream } from '../../../src/random.js'
import { loadKernels } from '../../../src/tensor/float64/kernels.js'
import { createFillUniform } from '../../../src/tensor/float64/uniforms.js'

test('uniforms: the same bits as without kernels, whatever the lengths of the rows', () => {
  const [fill, reference] = [createFillUniform(openStream(5, 'pso', 1)), createReference(openStream(5, 'pso', 1))]
  for (const length of [4, 182, 1, 7, 0, 20000, 3]) {
    const [a, b] = [new Float64Array(length), new Float64Array(length)]
    fill(a)
    reference(b)
    assert.deepEqual(a, b)
  }
})

test('uniforms: simd and plain kernels agree to the bit, beyond 2^32 blocks too', () => {
  const rows = (['simd', 'plain'] as const).map(kind => {
    const kernels = loadKernels(kind)
    assert.equal(kernels.kind, kind)
    const at = kernels.heapBase()
    kernels.reserve(at + 64 * 8)
    kernels.fillUniform(0xfedcba98, 0x89abcdef, 2 ** 32 - 3, 64, at)
    return new Float64Array(kernels.memory.buffer, at, 64).slice()
  })
  assert.deepEqual(rows[0], rows[1])
})
