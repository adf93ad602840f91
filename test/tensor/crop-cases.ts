/** What windows of pictures must show on every backend; run by crops.test.ts and crops-wasm.test.ts. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { NumericArray } from '../../src/math/arrays.js'
import { openStream } from '../../src/math/random.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import { createFed, type Examples, type Source } from '../../src/tensor/batches.js'
import { createCropped, type Corner } from '../../src/tensor/crops.js'
import type { Engine } from '../../src/tensor/engine.js'
import { createNetwork } from '../../src/tensor/network.js'
import { createTrainer } from '../../src/tensor/trainer.js'

const [HEIGHT, WIDTH, CHANNELS, CLASSES, COUNT] = [8, 12, 2, 3, 5]
const size = [4, 8] as const
const maps = { weights: 2 }

/** As DeepLab: halved twice, drawn up again. */
const network: Architecture = {
  inputShape: [HEIGHT, WIDTH, CHANNELS],
  layers: [
    { type: 'conv', filters: 4, kernel: 3, stride: 2, padding: 'same', activation: 'relu' },
    { type: 'conv', filters: 4, kernel: 3, stride: 2, padding: 'same', dilation: 1, activation: 'relu' },
    { type: 'conv', filters: CLASSES, kernel: 1, stride: 1, padding: 'same', activation: 'linear' },
    { type: 'resize-bilinear', factor: 4 }
  ],
  head: { type: 'class-map' }
}

const stream = openStream(4, 'pictures')
const pixels = COUNT * HEIGHT * WIDTH
const examples: Examples = {
  data: { inputs: Uint8Array.from({ length: pixels * CHANNELS }, () => stream.integer(256)), count: COUNT },
  inputShape: network.inputShape,
  preprocessing: { offset: 128, scale: 1 / 64 },
  target: Uint8Array.from({ length: pixels }, () => stream.integer(CLASSES)),
  further: {
    shares: Float32Array.from({ length: pixels * CLASSES }, () => stream.uniform()),
    weights: Float32Array.from({ length: pixels * maps.weights }, () => stream.uniform())
  }
}

function cornerOf (i: number): Corner { return { top: i % (HEIGHT - size[0] + 1), left: (2 * i + 1) % (WIDTH - size[1] + 1) } }

/** The definition, number by number: [count, maps, height, width, numbers] in a window of each. */
function cropAll<T extends Uint8Array | Float32Array> (values: T, maps: number, numbers: number): T {
  const cut: number[] = []
  for (let i = 0; i < COUNT; i++) {
    const { top, left } = cornerOf(i)
    for (let map = 0; map < maps; map++) {
      for (let y = 0; y < size[0]; y++) {
        for (let x = 0; x < size[1]; x++) {
          for (let k = 0; k < numbers; k++) cut.push(values[(((i * maps + map) * HEIGHT + top + y) * WIDTH + left + x) * numbers + k]!)
        }
      }
    }
  }
  return (values instanceof Uint8Array ? Uint8Array.from(cut) : Float32Array.from(cut)) as T
}

const cropped: Examples = {
  ...examples,
  inputShape: [...size, CHANNELS],
  data: { inputs: cropAll(examples.data.inputs as Uint8Array, 1, CHANNELS), count: COUNT },
  target: cropAll(examples.target as Uint8Array, 1, 1),
  further: {
    shares: cropAll(examples.further!.shares as Float32Array, 1, CLASSES),
    weights: cropAll(examples.further!.weights as Float32Array, maps.weights, 1)
  }
}

/** Registers the tests. */
export function testCrops (engine: Engine): void {
  const { tf } = engine
  const cornersOf = (indices: Int32Array) => Array.from(indices, cornerOf)
  const open = (changes: object = {}) => createCropped(engine, examples, { size, maps, cornersOf, ...changes })
  const order = Int32Array.of(3, 0, 4)

  test('createCropped: feeds the window of every picture, and of each map that belongs to it', () => {
    const fed = open().feed(order)
    const wanted: NumericArray[] = createFed(engine, cropped).feed(order)
    assert.deepEqual(fed, wanted)
  })

  test('createCropped: a network learns from windows what it learns from pictures of their size, to the bit', () => {
    const loss = (_: Engine, outputs: Tensor, target: Tensor, further: Record<string, Tensor> = {}): Tensor1D => {
      const [n] = outputs.shape as [number]
      const said = tf.softmax(outputs)
      const labels = tf.oneHot(tf.reshape(target, [-1]) as Tensor1D, CLASSES)
      const second = tf.slice(tf.reshape(further.weights!, [n, maps.weights, -1]), [0, 1, 0], [-1, 1, -1])
      const wanted = tf.add(tf.reshape(further.shares!, outputs.shape), tf.reshape(tf.cast(labels, 'float32'), outputs.shape))
      return tf.sum(tf.mul(tf.mul(tf.reshape(second, [n, ...size, 1]), wanted), said), [1, 2, 3]) as Tensor1D
    }
    const learn = (source: Source, inputShape: number[], rest: Examples) => {
      const net = createNetwork(engine, { ...network, inputShape }, openStream(3, 'init'))
      const trainer = createTrainer(engine, net, {
        ...rest, source, loss, optimizer: { type: 'sgd', momentum: 0.9 }, batchSize: 3, augmentation: { flip: true }, key: 5
      })
      const losses = [order, Int32Array.of(1, 2, 0), Int32Array.of(4, 1)].map(batch => trainer.step(batch, 0.05))
      const weights = net.save()
      trainer.dispose()
      net.dispose()
      return { losses, weights }
    }
    const ofWindows = learn(open(), network.inputShape, examples)
    assert.deepEqual(ofWindows, learn(createFed(engine, cropped), cropped.inputShape, cropped))
    assert.ok(new Set(ofWindows.losses).size === 3)
  })

  test('createCropped: refuses windows larger than the pictures, and fields that are no maps of their size', () => {
    assert.throws(() => open({ size: [9, 8] }), /size must be at most that of the pictures, 8 x 12, got 9 x 8/)
    assert.throws(() => open({ maps: { weights: 4 } }), /weights must have as many numbers for every pixel of 8 x 12, got 192 in all/)
  })
}
