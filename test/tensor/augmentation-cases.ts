/** What augmentation must show on every backend; run by augmentation.test.ts and augmentation-wasm.test.ts. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../src/math/arrays.js'
import { openStream } from '../../src/math/random.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { augment, mirrorBack, type Augmentation } from '../../src/tensor/augmentation.js'
import { uniformValues } from '../../src/tensor/dropout.js'
import type { Engine } from '../../src/tensor/engine.js'
import { createNetwork } from '../../src/tensor/network.js'
import { createTrainer, type TrainerOptions } from '../../src/tensor/trainer.js'
import { makeBatches, makeExamples } from './helpers.js'

const pictures: Architecture = {
  inputShape: [5, 4, 2],
  layers: [
    { type: 'conv', filters: 3, kernel: 3, stride: 1, padding: 'same', activation: 'relu' },
    { type: 'flatten' },
    { type: 'dropout', rate: 0.2 },
    { type: 'dense', units: 3, activation: 'linear' }
  ]
}

/** The definition, pixel by pixel. */
function expected (x: Float32Array, shape: number[], { cropPadding = 0, flip = false }: Augmentation, key: [number, number]): Float32Array {
  const [n, height, width, channels] = shape as [number, number, number, number]
  const draws = uniformValues(3 * n, Int32Array.of(key[0] - 2 ** 30, key[1]))
  const y = new Float32Array(x.length)
  for (let picture = 0; picture < n; picture++) {
    const [down, right, side] = draws.subarray(3 * picture, 3 * picture + 3) as unknown as [number, number, number]
    const [top, left] = [down, right].map(draw => Math.floor(draw * (2 * cropPadding + 1)) - cropPadding) as [number, number]
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const [r, c] = [row + top, (flip && side < 0.5 ? width - 1 - column : column) + left]
        if (r < 0 || r >= height || c < 0 || c >= width) continue
        const [to, from] = [[row, column], [r, c]].map(([r, c]) => ((picture * height + r!) * width + c!) * channels) as [number, number]
        y.set(x.subarray(from, from + channels), to)
      }
    }
  }
  return y
}

/** Registers the tests. */
export function testAugmentation (engine: Engine): void {
  const { tf } = engine
  const cases: Augmentation[] = [{ cropPadding: 2, flip: true }, { cropPadding: 1 }, { flip: true }, {}]

  function train (batches: Int32Array[], options: Partial<TrainerOptions>, resumeAfter?: number) {
    const open = () => {
      const network = createNetwork(engine, pictures, openStream(3, 'init'))
      const trainer = createTrainer(engine, network, {
        ...makeExamples(pictures), optimizer: { type: 'sgd', momentum: 0.9 }, batchSize: 16, key: 5, ...options
      })
      return { network, trainer, close () { trainer.dispose(); network.dispose() } }
    }
    let at = open()
    const losses = batches.map((batch, i) => {
      if (i === resumeAfter) {
        const saved = { weights: at.network.save(), slots: at.trainer.save() }
        at.close()
        at = open()
        at.network.load(saved.weights)
        at.trainer.load(saved.slots)
      }
      return at.trainer.step(batch, 0.05)
    })
    const end = { losses, weights: at.network.save(), slots: at.trainer.save() }
    at.close()
    return end
  }

  for (const augmentation of cases) {
    test(`augment ${JSON.stringify(augmentation)}: moves every number where the definition has it`, () => {
      const shape = [60, 5, 4, 2]
      const stream = openStream(1, 'pictures')
      const x = Float32Array.from({ length: sizeOf(shape) }, () => stream.normal())
      for (const key of [[0, 1], [0, 2], [2 ** 30 - 1, 7]] as [number, number][]) {
        const y = tf.tidy(() => augment(engine, tf.tensor(x.slice(), [60, 5, 4, 2]), augmentation, tf.tensor1d(key, 'int32')).dataSync<'float32'>())
        assert.deepEqual(y, expected(x, shape, augmentation, key))
      }
    })
  }

  test('augment: every shift and both sides come, other ones at other steps', () => {
    const one = new Float32Array(24) // [4, 6, 1], 1 and 2 side by side
    one.set([1, 2], 14)
    const seen = (step: number) => tf.tidy(() => {
      const x: Tensor4D = tf.tile(tf.tensor(one.slice(), [1, 4, 6, 1]), [200, 1, 1, 1])
      const y = augment(engine, x, { cropPadding: 1, flip: true }, tf.tensor1d([3, step], 'int32'))
      return (tf.reshape(y, [200, 24]).arraySync() as number[][]).map(String)
    })
    const [first, second] = [seen(1), seen(2)]
    assert.equal(new Set(first).size, 18) // three shifts down, three to the side, two sides
    assert.notDeepEqual(first, second)
  })

  test('augmentation: a step learns from the moved pictures, and those of every step are others', () => {
    const seen: Float32Array[] = []
    const perturb = (x: Tensor) => {
      seen.push(x.dataSync<'float32'>().slice())
      return x
    }
    const batches = [0, 1].map(() => Int32Array.from({ length: 16 }, (_, i) => i + 4))
    const augmentation = { cropPadding: 2, flip: true }
    train(batches, { augmentation, perturb, mode: 'eager' })
    const { data: { inputs }, preprocessing: { offset, scale } } = makeExamples(pictures)
    const x = Float32Array.from(inputs.subarray(4 * 40, 20 * 40), value => (value - offset) * scale)
    assert.deepEqual(seen, [1, 2].map(step => expected(x, [16, 5, 4, 2], augmentation, [5, step])))
  })

  test('augmentation: compiled training is the eager one to the bit, and a resumed one the undisturbed', () => {
    const batches = makeBatches(40, 16, 8)
    batches[5] = batches[5]!.subarray(0, 7)
    const augmentation = { cropPadding: 1, flip: true }
    const whole = train(batches, { augmentation })
    assert.deepEqual(train(batches, { augmentation, mode: 'eager' }), whole)
    assert.deepEqual(train(batches, { augmentation }, 4), whole)
    assert.notDeepEqual(train(batches, {}).losses, whole.losses)
    assert.notDeepEqual(train(batches, { augmentation, key: 6 }).losses, whole.losses)
  })

  test('mirrorBack: undoes what was mirrored under the same key, and its gradient is mirrored likewise', () => {
    const stream = openStream(4, 'maps')
    const values = Float32Array.from({ length: 20 * 5 * 4 * 2 }, () => stream.normal())
    const { back, gradient, mirrored } = tf.tidy(() => {
      const x: Tensor4D = tf.tensor(values.slice(), [20, 5, 4, 2])
      const key = tf.tensor1d([3, 8], 'int32')
      const moved = augment(engine, x, { flip: true }, key)
      return {
        back: mirrorBack(engine, moved, { flip: true }, key).dataSync<'float32'>(),
        mirrored: moved.dataSync<'float32'>(),
        gradient: tf.grad(y => tf.sum(tf.mul(mirrorBack(engine, y as Tensor4D, { flip: true }, key), x)))(moved).dataSync<'float32'>()
      }
    })
    assert.notDeepEqual(mirrored, values)
    assert.deepEqual(back, values)
    assert.deepEqual(gradient, mirrored)
  })

  test('augmentation: what has no place for it is refused by name', () => {
    const open = (architecture: Architecture, augmentation: Augmentation) => () => {
      const network = createNetwork(engine, architecture, openStream(3, 'init'))
      try {
        createTrainer(engine, network, { ...makeExamples(pictures), augmentation, optimizer: { type: 'sgd' }, batchSize: 4 })
      } finally {
        network.dispose()
      }
    }
    const dense: Architecture = { inputShape: [6], layers: [{ type: 'dense', units: 3, activation: 'linear' }] }
    const map: Architecture = { ...pictures, layers: [{ ...pictures.layers[0]!, activation: 'linear' } as Architecture['layers'][0]], head: { type: 'class-map' } }
    assert.throws(open(dense, { flip: true }), { code: 'invalid_spec', message: /augmentation needs inputs \[height, width, channels\], got \[6\]/ })
    assert.throws(open(map, { cropPadding: 1 }), { code: 'invalid_spec', message: /augmentation\.cropPadding must be 0 with a class per pixel: a moved window leaves pixels out, got 1/ })
    assert.throws(open(pictures, { cropPadding: 1.5 }), { code: 'invalid_spec', message: /augmentation\.cropPadding must be an integer of 0 or more, got 1\.5/ })
  })
}
