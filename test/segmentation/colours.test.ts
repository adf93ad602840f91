/** Models of colours against closed forms. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStream } from '../../src/math/random.js'
import { clusterColours } from '../../src/segmentation/colours/cluster.js'
import { costsByHistogram, countColours } from '../../src/segmentation/colours/histogram.js'
import { fitMixture, refitMixture, SIZE, type Mixture } from '../../src/segmentation/colours/mixture.js'
import { openInterior } from '../../src/segmentation/colours/interior.js'
import { openMixtures } from '../../src/segmentation/colours/mixtures.js'
import { openPicture, SLACK } from '../../src/segmentation/kernels.js'
import type { Pixels } from '../../src/datasets/formats/pictures/picture.js'

const near = (found: number, wanted: number, what: string) => { assert.ok(Math.abs(found - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted)), `${what}: ${found} is not ${wanted}`) }

/** D of colours [count, channels], one by one, as the equation says; the kernels are held against it. */
function costsOf ({ channels, gaussians }: Mixture, colours: Uint8Array, likeliest?: Uint8Array): Float64Array {
  return Float64Array.from({ length: colours.length / channels }, (_, i) => {
    const costs = Array.from({ length: gaussians.length / SIZE }, (_, k) => {
      const [constant, mx, my, mz, a, b, c, d, e, f] = gaussians.subarray(k * SIZE, (k + 1) * SIZE) as unknown as number[]
      const [x, y, z] = [mx, my, mz].map((mean, j) => (j < channels ? colours[i * channels + j]! : 0) - mean!) as [number, number, number]
      return constant! + 0.5 * (a! * x * x + b! * y * y + c! * z * z) + d! * x * y + e! * x * z + f! * y * z
    })
    const least = Math.min(...costs)
    if (likeliest !== undefined) likeliest[i] = costs.indexOf(least)
    return least
  })
}

/** Moments of the Gaussians that colours take. */
function momentsOf (mixture: Mixture, colours: Uint8Array): Float64Array {
  const { channels, gaussians } = mixture
  const likeliest = new Uint8Array(colours.length / channels)
  costsOf(mixture, colours, likeliest)
  const moments = new Float64Array(gaussians.length)
  for (const [i, k] of likeliest.entries()) {
    const [x, y, z] = [0, 1, 2].map(j => colours[i * channels + (channels === 1 ? 0 : j)]!) as [number, number, number]
    for (const [j, value] of [1, x, y, z, x * x, y * y, z * z, x * y, x * z, y * z].entries()) moments[k * SIZE + j]! += value
  }
  return moments
}

test('fitMixture: one Gaussian of grey has the mean, the variance and 20 more', () => {
  const grey = Uint8Array.of(10, 20, 30, 60)
  const costs = costsOf(fitMixture(grey, 1, 1, openStream(0, 'test')), grey)
  const variance = (400 + 100 + 0 + 900) / 4 + 20 // about 30
  for (const [i, value] of grey.entries()) near(costs[i]!, 0.5 * Math.log(2 * Math.PI * variance) + (value - 30) ** 2 / (2 * variance), `cost of ${value}`)
})

test('fitMixture: one Gaussian of colours has their covariance: its density by elimination', () => {
  const stream = openStream(3, 'test')
  const colours = Uint8Array.from({ length: 90 }, (_, i) => 40 * (i % 3) + stream.integer(90))
  const rows = Array.from({ length: 30 }, (_, i) => [...colours.subarray(3 * i, 3 * i + 3)])
  const mean = [0, 1, 2].map(j => rows.reduce((sum, row) => sum + row[j]!, 0) / 30)
  const product = (j: number, k: number) => rows.reduce((sum, row) => sum + (row[j]! - mean[j]!) * (row[k]! - mean[k]!), 0)
  const covariance = [0, 1, 2].map(j => [0, 1, 2].map(k => product(j, k) / 30 + 20 * Number(j === k)))
  const costs = costsOf(fitMixture(colours, 3, 1, openStream(0, 'test')), colours)
  for (const [i, row] of rows.entries()) {
    // Gauss: [Sigma | d], so that the pivots' product is the determinant and back substitution gives Sigma^-1 d.
    const d = row.map((value, j) => value - mean[j]!)
    const a = covariance.map((line, j) => [...line, d[j]!])
    for (let j = 0; j < 3; j++) for (let k = j + 1; k < 3; k++) a[k] = a[k]!.map((value, c) => value - a[k]![j]! / a[j]![j]! * a[j]![c]!)
    const solved = [0, 0, 0]
    for (let j = 2; j >= 0; j--) {
      const known = solved.reduce((sum, value, k) => sum + (k > j ? a[j]![k]! * value : 0), 0)
      solved[j] = (a[j]![3]! - known) / a[j]![j]!
    }
    const determinant = a[0]![0]! * a[1]![1]! * a[2]![2]!
    near(costs[i]!, 0.5 * Math.log((2 * Math.PI) ** 3 * determinant) + 0.5 * d.reduce((sum, value, j) => sum + value * solved[j]!, 0), `cost ${i}`)
  }
})

test('fitMixture: colours of two kinds get a Gaussian each, with their shares', () => {
  const grey = Uint8Array.of(5, 5, 5, 200, 200, 200, 200, 200, 200)
  const mixture = fitMixture(grey, 1, 5, openStream(0, 'test'))
  assert.equal(mixture.gaussians.length, 2 * SIZE, 'no more than there are colours')
  const [first, second] = costsOf(mixture, Uint8Array.of(5, 202))
  near(first!, 0.5 * Math.log(2 * Math.PI * 20) - Math.log(1 / 3), 'cost of the first kind')
  near(second!, 0.5 * Math.log(2 * Math.PI * 20) - Math.log(2 / 3) + 4 / 40, 'cost of what differs by 2 from the second')
})

test('refitMixture: a Gaussian that gets no colour is out, and no step makes the colours less likely', () => {
  const stream = openStream(4, 'test')
  const colours = Uint8Array.from({ length: 600 }, (_, i) => (i % 2 === 0 ? 60 : 160) + Math.round(20 * stream.normal()))
  let mixture = fitMixture(colours, 1, 4, openStream(0, 'test'))
  let before = Infinity
  for (let step = 0; step < 8; step++) {
    const sum = costsOf(mixture, colours).reduce((all, cost) => all + cost, 0)
    assert.ok(sum <= before + 2, `${sum} after ${before}`) // to what the least variance adds
    before = sum
    mixture = refitMixture(mixture, momentsOf(mixture, colours), new Float64Array(mixture.gaussians.length))
  }
  const two = fitMixture(Uint8Array.of(0, 255), 1, 2, openStream(0, 'test'))
  const alone = refitMixture(two, momentsOf(two, Uint8Array.of(3, 3)), new Float64Array(2 * SIZE))
  near(costsOf(alone, Uint8Array.of(255))[0]!, 0.5 * Math.log(2 * Math.PI * 20) + 252 ** 2 / 40, 'all is measured by the one that is left')
})

test('refitMixture: what was found counts at most as much as the seeds, one by one where there is less of it', () => {
  const one = fitMixture(Uint8Array.of(0), 1, 1, openStream(0, 'test'))
  const of = (seeds: number, found: number): number => {
    const [own, other] = [momentsOf(one, new Uint8Array(seeds).fill(10)), momentsOf(one, new Uint8Array(found).fill(40))]
    return refitMixture(one, own, other).gaussians[1]!
  }
  near(of(2, 2000), 25, 'mean of as much of each')
  near(of(2, 1), 20, 'mean of three')
  near(of(2, 0), 10, 'mean of the seeds alone')
})

for (const channels of [1, 3] as const) {
  test(`openMixtures: ${channels} channels: costs of all pixels, and what is learnt of a labelling, as one by one`, () => {
    const stream = openStream(9, 'test')
    const pixels: Pixels = { height: 5, width: 7, channels, data: Uint8Array.from({ length: 35 * channels }, () => stream.integer(256)) }
    const seeds = Uint8Array.from({ length: 35 }, (_, p) => p < 20 ? p % 2 : 255)
    const labelling = seeds.map((label, p) => label === 255 ? Number(p % 3 === 0) : label)
    const picture = openPicture(pixels)
    const [seedsAt, taught, costsAt] = [35, 35 + SLACK, 8 * (35 + SLACK)].map(picture.lay) as [number, number, number]
    const mixtures = openMixtures(picture, { seeds: seedsAt, taught }, 2, { components: 4, seed: 3 })
    picture.bytesAt(seedsAt, 35).set(seeds)
    const teach = (labels: Uint8Array): void => { picture.bytesAt(taught, 35).set(labels) }
    const colourOf = (p: number): number[] => [...pixels.data.subarray(p * channels, (p + 1) * channels)]
    const colours = (of: (p: number) => boolean): Uint8Array => Uint8Array.from([...seeds.keys()].filter(of).flatMap(colourOf))
    const wanted = [0, 1].map(label => fitMixture(colours(p => seeds[p] === label), channels, 4, openStream(3, 'colours', label)))
    const compare = (what: string): void => {
      for (const [label, mixture] of wanted.entries()) {
        mixtures.cost(label, costsAt)
        const costs = picture.numbersAt(costsAt, 35)
        for (const [p, cost] of costsOf(mixture, pixels.data).entries()) near(costs[p]!, cost, `${what} of label ${label} and pixel ${p}`)
      }
    }
    teach(seeds)
    for (const label of [0, 1]) mixtures.learn(label)
    compare('cost by the seeds')
    teach(labelling)
    for (const [label, mixture] of wanted.entries()) {
      mixtures.learn(label)
      const momentsWhere = (isSeed: boolean) => momentsOf(mixture, colours(p => labelling[p] === label && (seeds[p] === label) === isSeed))
      wanted[label] = refitMixture(mixture, momentsWhere(true), momentsWhere(false))
    }
    compare('cost by the labelling')
  })
}

test('clusterColours: far groups are found from every seed', () => {
  const colours = Uint8Array.of(1, 1, 0, 250, 0, 0, 2, 0, 1, 251, 1, 1, 0, 0, 250)
  for (let seed = 0; seed < 20; seed++) {
    const { assignments: [a, b, c, d, e], clusters } = clusterColours(colours, 3, 3, openStream(seed, 'test'))
    assert.deepEqual([clusters, a === c, b === d, new Set([a, b, e]).size], [3, true, true, 3])
  }
})

test('countColours: a bin costs the logarithm of its share, with one more in each', () => {
  const costs = new Float64Array(3)
  costsByHistogram(countColours(Uint8Array.of(0, 1, 127, 128), 1, 2), Uint8Array.of(5, 255, 128), costs)
  assert.deepEqual([...costs], [-Math.log(4 / 6), -Math.log(2 / 6), -Math.log(2 / 6)])
  costsByHistogram(countColours(Uint8Array.of(0, 0, 255), 3, 2), Uint8Array.of(9, 9, 200, 200, 9, 9), costs.subarray(0, 2))
  assert.deepEqual([...costs.subarray(0, 2)], [-Math.log(2 / 9), -Math.log(1 / 9)])
})

test('openInterior: seeds, and pixels with one label in all of their 5 x 5', () => {
  const stream = openStream(5, 'test')
  for (const [height, width] of [[1, 1], [3, 9], [14, 11], [9, 37]] as const) { // the last one has rows of more than two vectors
    const labelling = Uint8Array.from({ length: height * width }, (_, p) => p % width < 6 ? 0 : Math.floor(p / width) < 9 ? 1 : 2)
    const seeds = labelling.map(label => stream.integer(6) === 0 ? label : 255)
    const picture = openPicture({ height, width, channels: 1, data: labelling })
    const seedsAt = picture.lay(labelling.length + SLACK)
    picture.bytesAt(seedsAt, labelling.length).set(seeds)
    const interior = openInterior(picture, seedsAt)
    interior.find(labelling)
    const inside = picture.bytesAt(interior.place, labelling.length)
    for (const [p, label] of labelling.entries()) {
      const [x, y] = [p % width, Math.floor(p / width)]
      const around = [...labelling.keys()].filter(q => Math.abs(q % width - x) <= 2 && Math.abs(Math.floor(q / width) - y) <= 2)
      const teaches = seeds[p] !== 255 || around.every(q => labelling[q] === label)
      assert.equal(inside[p], teaches ? label : 255, `pixel ${p} of ${height} x ${width}`)
    }
  }
})
