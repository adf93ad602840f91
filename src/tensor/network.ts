/**
 * A live network: its variables, its forward pass, and its weights as arrays. Training and evaluation run on it from
 * trainer.ts, evaluate.ts and factors.ts; the shapes come from architecture.ts.
 */
import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core'
import { sizeOf, type NamedArrays } from '../math/arrays.js'
import { AppError } from '../errors.js'
import type { RandomStream } from '../math/random.js'
import { planOf, type Architecture } from './architecture.js'
import type { Engine } from './engine.js'
import type { LayerKind, Training, Variables } from './layers/layer.js'
import { relu } from './ops.js'
import type { PlannedLayer } from './wiring.js'

/** An array of a network. Its variable is current only after Network.settle(). */
export interface Parameter { name: string, shape: number[], variable: Variable }

/** Looks at, or changes, what flows through a network: see Network.forward. */
export interface Probe {
  /** gets the input of a layer with trainable arrays */
  input? (layer: number, x: Tensor): void
  /** gets the sums of a layer with trainable arrays before the activation; what it returns flows on */
  sums? (layer: number, z: Tensor): Tensor
}

export interface ForwardOptions {
  probe?: Probe
  /** makes it a pass of training: layers may look at the whole batch, keep statistics of it, and draw random numbers */
  training?: Training
}

/** A layer with its place and its variables. */
export interface LiveLayer extends PlannedLayer { variables: Variables }

export interface Network {
  readonly architecture: Architecture
  readonly layers: readonly LiveLayer[]
  /** what is trained, in the order of the layers, weight before bias */
  readonly parameters: readonly Parameter[]
  /** what layers keep of the batches they were trained on: not trained, but saved and loaded with the rest */
  readonly statistics: readonly Parameter[]
  /** both, in the order of the layers: what a pass reads, and the state of every step that makes one */
  readonly arrays: readonly Parameter[]
  /** Outputs for a batch. @param x [n, ...inputShape], preprocessed @returns [n, ...], a new tensor */
  logits<T extends Tensor = Tensor2D> (x: Tensor): T
  /**
   * The same without fetching the weights first: the form that is traced. Sizes of pictures follow from x: a network
   * whose weights do not depend on them takes any size that its layers accept.
   */
  forward<T extends Tensor = Tensor2D> (x: Tensor, options?: ForwardOptions): T
  /** Copies parameters and statistics out. Float32, by their names. */
  save (): NamedArrays
  /** Puts weights in. @throws invalid_input when a name or a shape is not the network's */
  load (arrays: NamedArrays): void
  /**
   * Lends the arrays to one who changes them elsewhere, as a trainer does in its session. Who had them before gives back.
   * @param giveBack  brings what is newer into the variables; costs nothing when nothing is
   * @returns         whether the borrower must take them anew: it is another than the last, or load() came between
   */
  borrow (giveBack: () => void): boolean
  /** Makes the variables current. Who has the arrays keeps them. */
  settle (): void
  /** Frees on dispose what was made for this network. */
  own (thing: { close (): void }): void
  dispose (): void
}

/**
 * Makes a network with fresh weights, each layer's as the layer says.
 * @param stream  the weights are its next numbers, in the order of the layers
 * @throws invalid_spec when the architecture's shapes do not fit
 */
export function createNetwork (engine: Engine, architecture: Architecture, stream: RandomStream): Network {
  const { tf } = engine
  const plan = planOf(architecture)
  const layers = plan.map((planned): LiveLayer => {
    const variables = planned.parameters.map(({ name, shape, role, initial }) => {
      const values = tf.tensor(initial(sizeOf(shape), stream), shape, 'float32')
      const variable = tf.variable(values, role === 'trainable')
      values.dispose()
      return [name, variable]
    })
    return { ...planned, variables: Object.fromEntries(variables) }
  })
  const arrays = layers.flatMap(({ index, parameters, variables }) => parameters.map(({ name, shape, role }) =>
    ({ name: `layer${index}.${name}`, shape, role, variable: variables[name]! })))
  const parameters = arrays.filter(({ role }) => role === 'trainable')
  const statistics = arrays.filter(({ role }) => role === 'statistic')
  const selectors = selectorsOf(plan)
  const owned: { close (): void }[] = []
  /** of who has the arrays */
  let giveBack: (() => void) | undefined

  function settle (): void {
    giveBack?.()
  }

  function forward<T extends Tensor = Tensor2D> (x: Tensor, { probe = {}, training }: ForwardOptions = {}): T {
    const outputs: Tensor[] = []
    const apply = ({ index, kind, layer, variables }: LiveLayer, inputs: Tensor[]) =>
      kind.forward(layer, inputs, variables, { engine, index, training })
    for (const current of layers) {
      const { index, sources } = current
      if (outputs[index] !== undefined) continue // a pool whose maximum was taken before the bias
      const inputs = sources.map(source => outputs[source] ?? x)
      const probed = isTrainable(current) ? probe : {}
      probed.input?.(index, inputs[0]!)
      const product = apply(current, inputs)
      const selector = probed.sums ? undefined : selectors[index]
      const chosen = selector === undefined ? product : apply(layers[selector]!, [product])
      const sums = addBias(current, chosen)
      outputs[selector ?? index] = activate(current, probed.sums ? probed.sums(index, sums) : sums)
    }
    return outputs.at(-1) as T
  }

  /** Not BiasAdd: TensorFlow fuses it into the convolution of a graph, which was no faster and rounds otherwise than eager. */
  function addBias ({ kind, variables: { bias } }: LiveLayer, product: Tensor): Tensor {
    return bias === undefined || kind.addsOwnBias ? product : tf.add(product, bias)
  }

  function activate ({ layer }: LiveLayer, z: Tensor): Tensor {
    const activation = 'activation' in layer ? layer.activation : undefined
    switch (activation) {
      case 'relu': return relu(engine, z)
      case 'tanh': return tf.tanh(z)
      case 'sigmoid': return tf.sigmoid(z)
      case 'sin': return tf.sin(z)
      default: return z
    }
  }

  return {
    architecture,
    layers,
    parameters,
    statistics,
    arrays,
    forward,
    logits<T extends Tensor> (x: Tensor) {
      settle()
      return tf.tidy(() => forward<T>(x))
    },
    save () {
      settle()
      return Object.fromEntries(arrays.map(({ name, shape, variable }) =>
        [name, { shape: [...shape], data: variable.dataSync<'float32'>().slice() }]))
    },
    load (loaded) {
      settle() // a trainer's session also has slots, which must not be lost with its weights
      giveBack = undefined
      assignArrays(engine, arrays, loaded, 'weights')
    },
    borrow (by) {
      if (giveBack === by) return false
      settle()
      giveBack = by
      return true
    },
    settle,
    own (thing) { owned.push(thing) },
    dispose () {
      giveBack = undefined
      for (const thing of owned.splice(0)) thing.close()
      for (const { variable } of arrays) variable.dispose()
    }
  }
}

/** Whether some layer of a network does this in training, and so another thing than in evaluation. */
export function hasInTraining ({ layers }: Pick<Network, 'layers'>, what: LayerKind<never>['inTraining']): boolean {
  return layers.some(({ kind }) => kind.inTraining === what)
}

/** Whether a layer has arrays that are trained. */
export function isTrainable ({ parameters }: PlannedLayer): boolean {
  return parameters.some(({ role }) => role === 'trainable')
}

/**
 * By layer the one that may come before its bias and activation: its only reader, the next, which selects among its
 * numbers. Where both only grow with what they are given, which a sine does not, the numbers are the same to the bit, from
 * a quarter of the memory: a tenth off a CNN's step with two threads. Where two sums of a window are equal after the bias
 * and were not before, the gradient goes to the larger.
 */
function selectorsOf (plan: PlannedLayer[]): (number | undefined)[] {
  return plan.map(({ index, layer }) => {
    const readers = plan.filter(({ sources }) => sources.includes(index))
    const selects = readers.length === 1 && readers[0] === plan[index + 1] && readers[0]!.kind.selects
    return selects && 'activation' in layer && layer.activation !== 'sin' ? index + 1 : undefined
  })
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
