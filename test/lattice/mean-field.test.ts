import assert from 'node:assert/strict'
import { test } from 'node:test'
import { energyOf, type DenseCrf } from '../../src/lattice/dense-crf.js'
import { meanField } from '../../src/lattice/mean-field.js'
import { createDensePairwise, type PairwiseKernel } from '../../src/lattice/pairwise.js'
import { openStream } from '../../src/math/random.js'
import { drawScene } from './scenes.js'

const kernels: PairwiseKernel[] = [{ weight: 4, position: 10, colour: 20 }, { weight: 1, position: 2 }]

/** Two halves of a picture, told by a unary that is wrong for a third of the pixels. */
function drawHalves (side: number, method: 'lattice' | 'exact', weight = 1): { crf: DenseCrf, truth: Uint8Array } {
  const stream = openStream(1, 'halves')
  const picture = drawScene('edges', side, stream)
  const points = side * side
  const truth = Uint8Array.from({ length: points }, (_, i) => Number(i % side < Math.floor(i / side)))
  const unary = new Float64Array(2 * points)
  for (let p = 0; p < points; p++) unary[(1 - (truth[p]! ^ Number(stream.uniform() < 0.3))) * points + p] = 1
  const pairwise = createDensePairwise(picture, kernels.map(kernel => ({ ...kernel, weight: weight * kernel.weight })), { method })
  return { crf: { pairwise, labels: 2, unary }, truth }
}

test('meanField: the iteration of the paper, done pixel by pixel with the matrix of W', () => {
  const side = 5
  const points = side * side
  for (const compatibilities of [undefined, Float64Array.of(0, 1, 2, 1, 0, 0.5, 2, 0.5, 0)]) {
    for (const method of ['lattice', 'exact'] as const) {
      const stream = openStream(2, 'tiny')
      const pairwise = createDensePairwise(drawScene('smooth', side, stream), kernels, { method })
      const unary = Float64Array.from({ length: 3 * points }, () => 2 * stream.uniform())
      unary[7] = Infinity
      const { q, energies } = meanField({ pairwise, labels: 3, unary, ...(compatibilities && { compatibilities }) }, { iterations: 3 })
      const column = new Float32Array(points)
      const columns = Array.from({ length: points }, (_, j) => {
        pairwise.apply(Float32Array.from(column, (_, i) => Number(i === j)), 1, column)
        return column.slice()
      })
      const hear = (of: number[][], p: number, k: number) => [0, 1, 2].reduce((sum, l) => {
        const cost = compatibilities?.[3 * k + l] ?? Number(k !== l)
        return sum + cost * columns.reduce((heard, one, j) => heard + one[p]! * of[l]![j]!, 0)
      }, 0)
      const zero = [0, 1, 2].map(() => Array<number>(points).fill(0))
      let marginals = zero
      for (let round = 0; round <= 3; round++) {
        const powers = zero.map((row, k) => row.map((_, p) => Math.exp(-unary[k * points + p]! - hear(marginals, p, k))))
        marginals = powers.map(row => row.map((power, p) => power / powers.reduce((sum, other) => sum + other[p]!, 0)))
      }
      for (const [i, value] of marginals.flat().entries()) assert.ok(Math.abs(q[i]! - value) < 1e-5, `${method}, ${i}: ${q[i]} and ${value}`)
      assert.equal(q[7], 0)
      assert.equal(energies.length, 4)
      const entries = marginals
        .flatMap((row, k) => row.map((share, p) => ({ share, cost: unary[k * points + p]!, heard: hear(marginals, p, k) })))
        .filter(({ share }) => share > 0)
      const sum = (of: (entry: typeof entries[number]) => number) => entries.reduce((total, entry) => total + of(entry), 0)
      const last = energies.at(-1)!
      assert.ok(Math.abs(last.unary - sum(({ share, cost }) => share * cost)) < 1e-3)
      assert.ok(Math.abs(last.pairs - sum(({ share, heard }) => share * heard / 2)) < 1e-3)
      assert.ok(Math.abs(last.entropy + sum(({ share }) => share * Math.log(share))) < 1e-3)
      assert.equal(last.free, last.unary + last.pairs - last.entropy)
    }
  }
})

test('meanField: mends a unary that is wrong for a third of the pixels; labels have a lower energy than the unary alone gives', () => {
  for (const method of ['lattice', 'exact'] as const) {
    const { crf, truth } = drawHalves(24, method)
    const before = meanField({ ...crf }, { iterations: 0 })
    const after = meanField(crf, { iterations: 10 })
    const wrong = (labels: Uint8Array) => labels.reduce((sum, label, p) => sum + Number(label !== truth[p]), 0) / truth.length
    assert.ok(wrong(before.labels) > 0.25, `before: ${wrong(before.labels)}`)
    assert.ok(wrong(after.labels) < 0.02, `${method}: ${wrong(after.labels)}`)
    assert.ok(energyOf(crf, after.labels).total < energyOf(crf, before.labels).total)
  }
})

test('meanField: with exact kernels the free energy never rises; it bounds the logarithm of the sum of all labellings', () => {
  for (const weight of [0.1, 1, 10]) {
    const { energies } = meanField(drawHalves(10, 'exact', weight).crf, { iterations: 30 })
    for (let i = 1; i < energies.length; i++) assert.ok(energies[i]!.free <= energies[i - 1]!.free + 1e-4, `${weight}, ${i}`)
  }
  const { crf } = drawHalves(3, 'exact', 0.2)
  const { q, energies } = meanField(crf, { iterations: 30 })
  // The diagonal of W adds to the free energy what it does not add to a labelling's: half of it for every q that is not sure.
  let diagonal = 0
  for (let p = 0; p < 9; p++) {
    const column = new Float32Array(9)
    crf.pairwise.apply(Float32Array.from(column, (_, i) => Number(i === p)), 1, column)
    diagonal += column[p]! * (q[p]! * (1 - q[p]!) + q[9 + p]! * (1 - q[9 + p]!)) / 2
  }
  let sum = 0
  for (let code = 0; code < 512; code++) sum += Math.exp(-energyOf(crf, Uint8Array.from({ length: 9 }, (_, p) => code >> p & 1)).total)
  const divergence = energies.at(-1)!.free - diagonal + Math.log(sum)
  assert.ok(divergence >= -1e-5 && divergence < 0.5, String(divergence))
})

test('meanField: goes on from where it was, and ends when nothing changes', () => {
  const { crf } = drawHalves(12, 'lattice')
  const whole = meanField(crf, { iterations: 6 })
  const half = meanField(crf, { iterations: 3 })
  const rest = meanField(crf, { iterations: 3, start: half.q })
  assert.deepEqual(rest.q, whole.q)
  assert.deepEqual(rest.energies.slice(1), whole.energies.slice(4))
  assert.ok(Math.abs(rest.energies[0]!.free - whole.energies[3]!.free) < 1e-3)
  const settled = meanField(crf, { iterations: 1000, tolerance: 1e-3 })
  assert.ok(settled.isSettled && settled.iterations < 100 && settled.change <= 1e-3, `${settled.iterations}`)
  assert.equal(meanField(crf, { iterations: 100, start: settled.q, tolerance: 1e-3 }).iterations, 1)
})

test('meanField: what all labels of a pixel cost more changes nothing but the energy, however much it is', () => {
  const { crf } = drawHalves(9, 'lattice')
  const { q, energies } = meanField(crf, { iterations: 4 })
  const more = meanField({ ...crf, unary: Float64Array.from(crf.unary, (cost, i) => cost + (i % 81 === 40 ? 1e9 : 0)) }, { iterations: 4 })
  assert.deepEqual(more.q, q)
  assert.ok(Math.abs(more.energies.at(-1)!.free - energies.at(-1)!.free - 1e9) < 1e-3)
})

test('meanField: forbidden labels are never taken; a single label, and options that are none', () => {
  const { crf } = drawHalves(6, 'lattice', 10)
  const unary = crf.unary.slice()
  unary[5] = Infinity
  unary[36 + 9] = Infinity
  const { q, labels, energies } = meanField({ ...crf, unary }, { iterations: 5 })
  assert.deepEqual([q[5], labels[5], q[36 + 9], labels[9]], [0, 1, 0, 0])
  assert.ok(energies.every(({ free }) => Number.isFinite(free)))
  assert.ok(meanField({ ...crf, labels: 1, unary: new Float32Array(36) }, { iterations: 1 }).q.every(share => share === 1))
  const refuses = (options: Parameters<typeof meanField>[1], message: RegExp) => {
    assert.throws(() => meanField(crf, options), { name: 'RangeError', message })
  }
  refuses({ iterations: -1 }, /^iterations must be a whole number >= 0, got -1$/)
  refuses({ iterations: 1, tolerance: NaN }, /^tolerance must be >= 0, got NaN$/)
  refuses({ iterations: 1, start: new Float32Array(3) }, /^start must have 72 numbers, got 3$/)
  refuses({ iterations: 1, start: new Float32Array(72) }, /^start of pixel 0 must have the sum 1, got 0$/)
  refuses({ iterations: 1, start: new Float32Array(72).fill(NaN) }, /^start must be finite, got NaN at 0$/)
  refuses({ iterations: 1, start: new Float32Array(72).fill(0.5).fill(1.5, 0, 36).fill(-0.5, 36) }, /^start must be >= 0, got -0.5 at 36$/)
})
