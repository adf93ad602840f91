/**
 * A live network: its variables, its forward pass, and its weights as arrays. Training and evaluation run on it from
 * trainer.ts, evaluate.ts and factors.ts; the shapes come from architecture.ts.
 */
import type { Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core'
import { sizeOf, type NamedArrays } from '../math/arrays.js'
import { AppError } from '../errors.js'
import type { RandomStream } from '../math/random.js'
import { parameterShapes, type Architecture, type Layer } from './architecture.js'
import type { Engine } from './engine.js'
import { relu } from './ops.js'

/** A trainable array. Its variable is current only after Network.settle(). */
export interface Parameter { name: string, shape: number[], variable: Variable }

/** Looks at, or changes, what flows through a network: see Network.forward. */
export interface Probe {
  /** gets the input of a dense or convolution layer */
  input? (layer: number, x: Tensor): void
  /** gets the weighted sums of a dense or convolution layer before the activation; what it returns flows on */
  sums? (layer: number, z: Tensor): Tensor
}

export interface Network {
  readonly architecture: Architecture
  readonly parameters: readonly Parameter[]
  /** Goes up with every load(): whoever holds a copy of the weights elsewhere sees that it is out of date. */
  readonly version: number
  /** Logits of a batch. @param x [n, ...inputShape], preprocessed @returns [n, classes], a new tensor */
  logits (x: Tensor): Tensor2D
  /** The same with a probe, and without fetching the weights first: the form that is traced. */
  forward (x: Tensor, probe?: Probe): Tensor2D
  /** Copies the weights out. Float32, by the names of parameterShapes(). */
  save (): NamedArrays
  /** Puts weights in. @throws invalid_input when a name or a shape is not the network's */
  load (arrays: NamedArrays): void
  /** Says that a trainer's session has newer weights; fetch brings them into the variables. */
  lend (fetch: () => void): void
  /** Makes the variables current. */
  settle (): void
  /** Frees on dispose what was made for this network. */
  own (thing: { close (): void }): void
  dispose (): void
}

/**
 * Makes a network with fresh weights: He normal before relu, Glorot uniform otherwise, biases 0.
 * Sources: He et al. 2015, arXiv:1502.01852, eq. 10; Glorot and Bengio 2010, eq. 16.
 * @param stream  the weights are its next numbers, in the order of parameterShapes()
 * @throws invalid_spec when the architecture's shapes do not fit
 */
export function createNetwork (engine: Engine, architecture: Architecture, stream: RandomStream): Network {
  const { tf } = engine
  const parameters = parameterShapes(architecture).map(({ name, shape }): Parameter => {
    const values = tf.tensor(initialValues(name, shape, architecture, stream), shape, 'float32')
    const variable = tf.variable(values)
    values.dispose()
    return { name, shape, variable }
  })
  const byName = new Map(parameters.map(parameter => [parameter.name, parameter]))
  const owned: { close (): void }[] = []
  let fetch: (() => void) | undefined
  let version = 0

  function settle (): void {
    const pending = fetch
    fetch = undefined
    pending?.()
  }

  function forward (x: Tensor, probe: Probe = {}): Tensor2D {
    const { layers } = architecture
    let y = x
    for (let index = 0; index < layers.length; index++) {
      const layer = layers[index]!
      if (layer.type === 'flatten') y = tf.reshape(y, [y.shape[0]!, -1])
      else if (layer.type === 'max-pool') y = pool(layer, y)
      else {
        probe.input?.(index, y)
        const product = multiply(index, layer, y)
        const next = layers[index + 1]
        if (next?.type === 'max-pool' && !probe.sums) {
          // Bias and activation only grow with what they are given, so they may come after the maximum: the same numbers to
          // the bit from a quarter of the memory, a tenth off a CNN's step with two threads. Where two sums of a window are
          // equal after the bias and were not before, the gradient goes to the larger.
          y = activate(layer, addBias(index, pool(next, product)))
          index++
          continue
        }
        const sums = addBias(index, product)
        y = activate(layer, probe.sums ? probe.sums(index, sums) : sums)
      }
    }
    return y as Tensor2D
  }

  function pool ({ size }: Extract<Layer, { type: 'max-pool' }>, x: Tensor): Tensor {
    return tf.maxPool(x as Tensor4D, size, size, 'valid')
  }

  function multiply (index: number, layer: Extract<Layer, { type: 'dense' | 'conv' }>, x: Tensor): Tensor {
    const weight = byName.get(`layer${index}.weight`)!.variable
    return layer.type === 'dense'
      ? tf.matMul(x as Tensor2D, weight as unknown as Tensor2D)
      : tf.conv2d(x as Tensor4D, weight as unknown as Tensor4D, layer.stride, layer.padding)
  }

  /** Not BiasAdd: TensorFlow fuses it into the convolution of a graph, which was no faster and rounds otherwise than eager. */
  function addBias (index: number, product: Tensor): Tensor {
    return tf.add(product, byName.get(`layer${index}.bias`)!.variable)
  }

  function activate (layer: Extract<Layer, { type: 'dense' | 'conv' }>, z: Tensor): Tensor {
    if (layer.activation === 'relu') return relu(engine, z)
    return layer.activation === 'tanh' ? tf.tanh(z) : z
  }

  return {
    architecture,
    parameters,
    get version () { return version },
    forward,
    logits (x) {
      settle()
      return tf.tidy(() => forward(x))
    },
    save () {
      settle()
      return Object.fromEntries(parameters.map(({ name, shape, variable }) =>
        [name, { shape: [...shape], data: variable.dataSync<'float32'>().slice() }]))
    },
    load (arrays) {
      settle() // a trainer's session also has slots, which must not be lost with its weights
      version++
      assignArrays(engine, parameters, arrays, 'weights')
    },
    lend (source) { fetch = source },
    settle,
    own (thing) { owned.push(thing) },
    dispose () {
      fetch = undefined
      for (const thing of owned.splice(0)) thing.close()
      for (const { variable } of parameters) variable.dispose()
    }
  }
}

/**
 * Puts arrays into variables of the same names.
 * @throws invalid_input when a name is missing or left over, or a shape differs
 */
export function assignArrays (engine: Engine, targets: readonly Parameter[], arrays: NamedArrays, what: string): void {
  const unknown = Object.keys(arrays).find(name => !targets.some(target => target.name === name))
  if (unknown) throw new AppError('invalid_input', `${what} must have only names of the network, got ${unknown}`)
  for (const { name, shape, variable } of targets) {
    const array = arrays[name]
    if (!array || array.shape.join() !== shape.join()) {
      throw new AppError('invalid_input', `${what} ${name} must have shape [${shape}], got ${array ? `[${array.shape}]` : 'nothing'}`)
    }
    // A copy: the tensor would share the caller's memory.
    const values = engine.tf.tensor(Float32Array.from(array.data), shape, 'float32')
    variable.assign(values)
    values.dispose()
  }
}

function initialValues (name: string, shape: number[], architecture: Architecture, stream: RandomStream): Float32Array {
  const values = new Float32Array(sizeOf(shape))
  if (name.endsWith('.bias')) return values
  const layer = architecture.layers[Number(/^layer(\d+)/.exec(name)![1])]!
  const fanOut = sizeOf(shape) / shape.at(-2)! // kernel·kernel·filters, or units
  const fanIn = sizeOf(shape) / shape.at(-1)! // kernel·kernel·channels, or features
  if ('activation' in layer && layer.activation === 'relu') {
    const deviation = Math.sqrt(2 / fanIn)
    return values.map(() => deviation * stream.normal())
  }
  const limit = Math.sqrt(6 / (fanIn + fanOut))
  return values.map(() => limit * (2 * stream.uniform() - 1))
}
