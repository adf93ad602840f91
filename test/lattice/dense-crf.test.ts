import assert from 'node:assert/strict'
import { test } from 'node:test'
import { energyOf, relaxationOf, type DenseCrf } from '../../src/lattice/dense-crf.js'
import { createDensePairwise, type PairwiseKernel } from '../../src/lattice/pairwise.js'
import { openStream } from '../../src/math/random.js'
import { drawScene } from './scenes.js'

const kernels: PairwiseKernel[] = [{ weight: 2, position: 6, colour: 20 }, { weight: 0.5, position: 2 }]
const table = Float64Array.of(0, 1, 3, 1, 0, -0.5, 3, -0.5, 0)

function drawCrf (side: number, method: 'lattice' | 'exact', compatibilities?: Float64Array): DenseCrf {
  const stream = openStream(1, 'crf')
  const pairwise = createDensePairwise(drawScene('edges', side, stream), kernels, { method })
  const unary = Float64Array.from({ length: 3 * side * side }, () => 3 * stream.uniform())
  return { pairwise, labels: 3, unary, ...(compatibilities === undefined ? {} : { compatibilities }) }
}

for (const [name, compatibilities] of [['Potts', undefined], ['a table', table]] as const) {
  test(`relaxationOf: the gradient of ${name} is that of central differences of the operator, on a lattice, too`, () => {
    for (const method of ['lattice', 'exact'] as const) {
      const crf = drawCrf(12, method, compatibilities)
      const stream = openStream(2, 'shares')
      const shares = Float32Array.from({ length: crf.unary.length }, () => stream.uniform())
      const { gradient } = relaxationOf(crf, shares)
      const at = (i: number, step: number) => relaxationOf(crf, shares.map((share, j) => share + (i === j ? step : 0))).value
      for (let round = 0; round < 12; round++) {
        const i = stream.integer(shares.length)
        const difference = (at(i, 0.25) - at(i, -0.25)) / 0.5 // exact but for rounding: R is quadratic
        assert.ok(Math.abs(difference - gradient[i]!) <= 1e-4 * (1 + Math.abs(difference)), `${method}, ${i}: ${difference} and ${gradient[i]}`)
      }
    }
  })

  test(`energyOf: with ${name}, unary and every pair once, summed by hand; the relaxation of labels is twice the pairs`, () => {
    const side = 7
    const points = side ** 2
    const crf = drawCrf(side, 'exact', compatibilities)
    const stream = openStream(3, 'labels')
    const labelling = Uint8Array.from({ length: points }, () => stream.integer(3))
    const weights = handMade(side)
    let [unary, pairs] = [0, 0]
    for (let p = 0; p < points; p++) {
      unary += crf.unary[labelling[p]! * points + p]!
      for (let q = 0; q < p; q++) {
        pairs += weights[p]![q]! * (compatibilities?.[3 * labelling[p]! + labelling[q]!] ?? Number(labelling[p] !== labelling[q]))
      }
    }
    const energy = energyOf(crf, labelling)
    assert.ok(Math.abs(energy.unary - unary) < 1e-9)
    assert.ok(Math.abs(energy.pairs - pairs) < 1e-5 * Math.abs(pairs), `${energy.pairs} and ${pairs}`)
    assert.equal(energy.total, energy.unary + energy.pairs)
    const shares = Float32Array.from({ length: 3 * points }, (_, i) => Number(labelling[i % points] === Math.floor(i / points)))
    assert.equal(relaxationOf(crf, shares).value, 2 * energy.pairs)
  })
}

/** W of the scene by its definition. */
function handMade (side: number): number[][] {
  const { pixels } = drawScene('edges', side, openStream(1, 'crf'))
  const all = Array.from({ length: side ** 2 }, (_, i) => i)
  const sums = all.map(() => all.map(() => 0))
  for (const { weight, position, colour } of kernels) {
    const alike = all.map(p => all.map(q => {
      const place = ((p - q) % side === 0 ? 0 : p % side - q % side) ** 2 + (Math.floor(p / side) - Math.floor(q / side)) ** 2
      const shade = [0, 1, 2].reduce((sum, c) => sum + (pixels[3 * p + c]! - pixels[3 * q + c]!) ** 2, 0)
      return Math.exp(-place / 2 / position ** 2 - (colour === undefined ? 0 : shade / 2 / colour ** 2))
    }))
    const degrees = alike.map(row => row.reduce((sum, value) => sum + value, 0))
    for (const p of all) for (const q of all) sums[p]![q]! += weight * alike[p]![q]! / Math.sqrt(degrees[p]! * degrees[q]!)
  }
  return sums
}

test('createDensePairwise refuses pictures and kernels that are none', () => {
  const picture = { width: 2, height: 1, channels: 1, pixels: [1, 2] }
  const kernel = { weight: 1, position: 1 }
  const refuses = (one: object, others: PairwiseKernel[], message: string) => {
    assert.throws(() => createDensePairwise({ ...picture, ...one }, others), { name: 'RangeError', message })
  }
  refuses({ pixels: [1, NaN] }, [kernel], 'pixel 1 must have finite numbers, got NaN')
  refuses({ pixels: [1] }, [kernel], 'pixels must be 1 x 2 x 1 numbers, got 1')
  refuses({ width: 1.5 }, [kernel], 'width must be a whole number >= 1, got 1.5')
  refuses({}, [], 'kernels must be one or more, got none')
  for (const width of [0, -1, NaN, Infinity]) {
    refuses({}, [{ ...kernel, position: width }], `position of kernel 0 must be a finite number > 0, got ${width}`)
    refuses({}, [kernel, { ...kernel, colour: width }], `colour of kernel 1 must be a finite number > 0, got ${width}`)
    refuses({}, [{ ...kernel, weight: width }], `weight of kernel 0 must be a finite number > 0, got ${width}`)
  }
  refuses({}, [{ weight: 1, position: 1e-9 }], 'feature 0 of point 1 must be within +-10000000, got 999999999.9999999')
})

test('energyOf and relaxationOf refuse problems that are none', () => {
  const crf = drawCrf(4, 'lattice')
  const labels = new Uint8Array(16)
  const refuses = (other: Partial<DenseCrf>, message: RegExp) => {
    assert.throws(() => energyOf({ ...crf, ...other }, labels), { name: 'RangeError', message })
  }
  refuses({ labels: 0 }, /^labels must be 1 .. 255, got 0$/)
  refuses({ unary: new Float64Array(3) }, /^unary must have 3 x 16 numbers, got 3$/)
  refuses({ unary: new Float64Array(48).fill(NaN) }, /^unary of pixel 0 and label 0 must be a number or Infinity, got NaN$/)
  refuses({ unary: new Float64Array(48).fill(Infinity) }, /^unary of pixel 0 must be finite for one label/)
  refuses({ compatibilities: new Float64Array(4) }, /^compatibilities must have 3 x 3 numbers, got 4$/)
  refuses({ compatibilities: Float64Array.of(0, 1, 1, 2, 0, 1, 1, 1, 0) }, /symmetric.*got 2 and 1 for 1 and 0$/)
  assert.throws(() => energyOf(crf, labels.map(() => 3)), { name: 'RangeError', message: 'label of pixel 0 must be below 3, got 3' })
  assert.throws(() => energyOf(crf, new Uint8Array(3)), { name: 'RangeError', message: 'labelling must have 16 labels, got 3' })
  assert.throws(() => relaxationOf(crf, new Float32Array(48).fill(NaN)), { name: 'RangeError', message: 'shares must be finite, got NaN at 0' })
})
