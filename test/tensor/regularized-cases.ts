/**
 * Losses of soft segmentations on every backend, against plain loops in Float64 and their central differences; run by
 * regularized.test.ts and regularized-wasm.test.ts.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { UNLABELLED } from '../../src/datasets/unlabelled.js'
import { energyOf } from '../../src/graphcut/energy.js'
import { softmax } from '../../src/math/softmax.js'
import { openStream, type RandomStream } from '../../src/math/random.js'
import { weighContrast } from '../../src/segmentation/contrast.js'
import type { Engine } from '../../src/tensor/engine.js'
import { batchLossOf, type LossFunction } from '../../src/tensor/losses.js'
import { createNetwork } from '../../src/tensor/network.js'
import { relaxedPotts, type Normalisation, type RelaxedPottsOptions, type Relaxation } from '../../src/tensor/regularized/relaxed-potts.js'
import { softCrossEntropy } from '../../src/tensor/regularized/soft-cross-entropy.js'
import { createTrainer } from '../../src/tensor/trainer.js'
import { makeBatches } from './helpers.js'

const [N, HEIGHT, WIDTH, CLASSES] = [2, 4, 5, 3]
const PIXELS = HEIGHT * WIDTH
const shape: [number, number, number, number] = [N, HEIGHT, WIDTH, CLASSES]
const relaxations: Relaxation[] = ['bilinear', 'quadratic', 'tv']
const normalisations: Normalisation[] = ['sum', 'mean']

const V = {
  bilinear: (a: number[], b: number[]) => 1 - a.reduce((sum, one, k) => sum + one * b[k]!, 0),
  quadratic: (a: number[], b: number[]) => a.reduce((sum, one, k) => sum + (one - b[k]!) ** 2, 0) / 2,
  tv: (a: number[], b: number[]) => a.reduce((sum, one, k) => sum + Math.abs(one - b[k]!), 0) / 2
}

/** All pairs of neighbours by looking at all pixels twice: the number of the way, which pixel has its weight, and the other. */
function findPairs (neighbours: 4 | 8): [way: number, p: number, q: number][] {
  const found: [number, number, number][] = []
  for (let p = 0; p < PIXELS; p++) {
    for (let q = p + 1; q < PIXELS; q++) {
      const [x, y] = [q % WIDTH - p % WIDTH, Math.floor(q / WIDTH) - Math.floor(p / WIDTH)]
      const way = ['1,0', '0,1', '1,1', '-1,1'].indexOf(`${x},${y}`)
      if (way >= 0 && way < neighbours / 2) found.push([way, p, q])
    }
  }
  return found
}

/** R of one picture, in Float64. */
function exactPotts (shares: number[][], weights: ArrayLike<number>, options: RelaxedPottsOptions): number {
  const { relaxation, normalisation, neighbours } = options
  const pairs = findPairs(neighbours)
  const sum = pairs.reduce((sum, [way, p, q]) => sum + weights[way * PIXELS + p]! * V[relaxation](shares[p]!, shares[q]!), 0)
  return normalisation === 'sum' ? sum : sum / pairs.length
}

/** CE of one picture, in Float64. */
function exactCrossEntropy (shares: number[][], target: ArrayLike<number>, normalisation: Normalisation): number {
  let [sum, count] = [0, 0]
  shares.forEach((of, p) => of.forEach((share, k) => {
    sum -= target[p * CLASSES + k]! * Math.log(share)
    count += target[p * CLASSES + k]!
  }))
  return normalisation === 'sum' ? sum : sum / Math.max(1, count)
}

function softmaxOfPixels (logits: ArrayLike<number>): number[][] {
  const ofPixel = (p: number): Float64Array => Float64Array.from({ length: CLASSES }, (_, k) => logits[p * CLASSES + k]!)
  return Array.from({ length: logits.length / CLASSES }, (_, p) => Array.from(softmax(ofPixel(p))))
}

/** [n] of logits. */
type Losses = (logits: Tensor4D) => ReturnType<LossFunction>

const normals = (stream: RandomStream, length: number): Float32Array => Float32Array.from({ length }, () => stream.normal())
const positives = (stream: RandomStream, length: number): Float32Array => Float32Array.from({ length }, () => stream.uniform())

/** A labelling as shares: 1 for the class of a pixel, 0 for others, and for all where it is UNLABELLED. */
function toShares ({ tf }: Engine, labelling: Tensor): Tensor4D {
  return tf.reshape(tf.cast(tf.oneHot(tf.reshape(labelling, [-1]), CLASSES), 'float32'), [-1, HEIGHT, WIDTH, CLASSES])
}

/** Registers the tests. */
export function testRegularized (engine: Engine): void {
  const { tf } = engine

  /** The losses, and the gradient of a sum of them in which each has another weight. */
  function evaluate (losses: Losses, logits: Float32Array): { values: Float32Array, gradient: Float32Array } {
    return tf.tidy(() => {
      const z = tf.tensor4d(logits, shape)
      const gradient = tf.grad(x => tf.sum(tf.mul(losses(x as Tensor4D), tf.tensor1d([1, -2]))))(z)
      return { values: losses(z).dataSync().slice() as Float32Array, gradient: gradient.dataSync().slice() as Float32Array }
    })
  }

  /** Compares with a loss of single pictures in Float64 and its central differences. */
  function assertLoss (losses: Losses, exact: (logits: Float64Array, picture: number) => number, logits: Float32Array): void {
    const { values, gradient } = evaluate(losses, logits)
    const size = PIXELS * CLASSES
    for (let picture = 0; picture < N; picture++) {
      const own = Float64Array.from(logits.subarray(picture * size, (picture + 1) * size))
      const value = exact(own, picture)
      assert.ok(Math.abs(values[picture]! - value) < 2e-6 * (1 + Math.abs(value)), `${values[picture]} for ${value}`)
      const step = 1e-5
      const at = (i: number, z: number): number => exact(own.with(i, z), picture)
      const differences = Array.from(own, (z, i) => (at(i, z + step) - at(i, z - step)) / (2 * step))
      const largest = Math.max(...differences.map(Math.abs))
      for (const [i, difference] of differences.entries()) {
        const found = gradient[picture * size + i]! / (picture === 0 ? 1 : -2)
        assert.ok(Math.abs(found - difference) < 3e-6 * largest, `${found} for ${difference} of ${i}`)
      }
    }
  }

  for (const relaxation of relaxations) {
    test(`relaxedPotts, ${relaxation}: values and gradients are those of loops over pairs and of central differences`, () => {
      const stream = openStream(1, 'potts')
      for (const neighbours of [4, 8] as const) {
        const weights = positives(stream, N * neighbours / 2 * PIXELS)
        const of = (picture: number) => weights.subarray(picture * weights.length / N, (picture + 1) * weights.length / N)
        for (const normalisation of normalisations) {
          const options = { relaxation, normalisation, neighbours }
          assertLoss(
            logits => relaxedPotts(engine, tf.softmax(logits), tf.tensor2d(weights, [N, weights.length / N]), options),
            (logits, picture) => exactPotts(softmaxOfPixels(logits), of(picture), options),
            normals(stream, N * PIXELS * CLASSES))
        }
      }
    })
  }

  test('relaxedPotts: of one-hot shares all three are the Potts energy of the cuts, with the contrast of a picture', () => {
    const stream = openStream(2, 'potts')
    for (const neighbours of [4, 8] as const) {
      const data = Uint8Array.from({ length: PIXELS * 3 }, () => stream.integer(256))
      const { weights } = weighContrast({ height: HEIGHT, width: WIDTH, channels: 3, data }, { neighbours, lambda: 2 })
      const labelling = Uint8Array.from({ length: PIXELS }, () => stream.integer(CLASSES))
      const { pairs } = energyOf({
        shape: { width: WIDTH, height: HEIGHT, neighbours }, labels: CLASSES, unary: new Float64Array(CLASSES * PIXELS), weights
      }, labelling)
      for (const relaxation of relaxations) {
        const [energy] = tf.tidy(() => relaxedPotts(
          engine, toShares(engine, tf.tensor(labelling, [1, HEIGHT, WIDTH], 'int32')),
          tf.tensor(weights.flatMap(of => [...of])), { relaxation, normalisation: 'sum', neighbours }).dataSync())
        assert.ok(Math.abs(energy! - pairs) < 1e-5 * pairs, `${relaxation}: ${energy} for ${pairs}`)
      }
    }
  })

  test('relaxedPotts: equal shares have no gradient by TV, and one row or one pixel has fewer pairs or none', () => {
    const options = { relaxation: 'tv', normalisation: 'mean', neighbours: 8 } as const
    const { values, gradient } = evaluate(
      logits => relaxedPotts(engine, tf.softmax(logits), tf.ones([N, 4, PIXELS]), options), new Float32Array(N * PIXELS * CLASSES))
    assert.ok([...values, ...gradient].every(number => number === 0))
    const ofRow = (shares: number[]) => tf.tidy(() => {
      const width = shares.length / 2
      return [...relaxedPotts(engine, tf.tensor4d(shares, [1, 1, width, 2]), tf.ones([1, 4, 1, width]), options).dataSync()]
    })
    assert.deepEqual(ofRow([1, 0, 0, 1, 0, 1]), [0.5], 'one of two pairs')
    assert.deepEqual(ofRow([1, 0]), [0])
  })

  test('softCrossEntropy: values and gradients are those of loops and of central differences; pixels without shares count for nothing', () => {
    const stream = openStream(3, 'cross-entropy')
    const marginals = softmaxOfPixels(normals(stream, N * PIXELS * CLASSES)).flatMap((shares, p) => p % 4 === 0 ? [0, 0, 0] : shares)
    const labelling = Int32Array.from({ length: N * PIXELS }, (_, p) => p % 3 === 0 ? UNLABELLED : stream.integer(CLASSES))
    const ofLabelling = () => toShares(engine, tf.tensor2d(labelling, [N, PIXELS], 'int32'))
    const of = (target: number[], picture: number) => target.slice(picture * PIXELS * CLASSES, (picture + 1) * PIXELS * CLASSES)
    const hot = Array.from(labelling).flatMap(label => [0, 1, 2].map(k => k === label ? 1 : 0))
    for (const normalisation of normalisations) {
      for (const target of [marginals, hot]) {
        assertLoss(
          logits => softCrossEntropy(engine, logits, target === hot ? ofLabelling() : tf.tensor(target), normalisation),
          (logits, picture) => exactCrossEntropy(softmaxOfPixels(logits), of(target, picture), normalisation),
          normals(stream, N * PIXELS * CLASSES))
      }
    }
    const { values, gradient } = evaluate(logits => softCrossEntropy(engine, logits, tf.zeros(shape), 'mean'), normals(stream, N * PIXELS * CLASSES))
    assert.ok([...values, ...gradient].every(number => number === 0), 'no pixel, no loss')
  })

  test('createTrainer: a step of scribbles, edges and a labelling found elsewhere is compiled, with the numbers of the eager one', () => {
    const COUNT = 12
    const stream = openStream(4, 'step')
    const architecture = {
      inputShape: [HEIGHT, WIDTH, 3],
      layers: [{ type: 'conv' as const, filters: CLASSES, kernel: 3, stride: 1, padding: 'same' as const, activation: 'linear' as const }],
      head: { type: 'class-map' as const }
    }
    const label = (share: number): number => stream.uniform() < share ? stream.integer(CLASSES) : UNLABELLED
    const labels = (share: number) => Uint8Array.from({ length: COUNT * PIXELS }, () => label(share))
    const examples = {
      data: { inputs: normals(stream, COUNT * PIXELS * 3), count: COUNT },
      inputShape: architecture.inputShape,
      preprocessing: { offset: 0, scale: 1 },
      target: labels(0.2),
      further: { weights: positives(stream, COUNT * 4 * PIXELS), labelling: labels(1) }
    }
    const train = (mode: 'compiled' | 'eager') => relaxations.flatMap(relaxation => {
      const network = createNetwork(engine, architecture, openStream(5, 'init'))
      const partial = batchLossOf(network)
      const loss: LossFunction = (engine, outputs, target, further) => {
        const potts = relaxedPotts(
          engine, tf.softmax(outputs as Tensor4D), further!.weights!, { relaxation, normalisation: 'mean', neighbours: 8 })
        const pull = softCrossEntropy(engine, outputs as Tensor4D, toShares(engine, further!.labelling!), 'mean')
        return tf.add(partial(engine, outputs, target), tf.add(tf.mul(0.3, potts), pull))
      }
      const trainer = createTrainer(engine, network, { ...examples, optimizer: { type: 'sgd' }, batchSize: 4, mode, loss })
      const numbers = makeBatches(COUNT, 4, 12).map(batch => trainer.step(batch, 0.2))
      numbers.push(...Object.values(network.save()).flatMap(({ data }) => [...data]))
      trainer.dispose()
      network.dispose()
      return numbers
    })
    const [numbers, eager] = [train('compiled'), train('eager')]
    numbers.forEach((number, i) => { assert.ok(Math.abs(number - eager[i]!) < 2e-6 * (1 + Math.abs(eager[i]!)), `${number} for ${eager[i]} at ${i}`) })
    assert.equal(new Set(numbers).size, numbers.length, 'every relaxation, and every step, has numbers of its own')
  })
}
