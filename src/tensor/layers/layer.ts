/**
 * What a layer is made of. A layer is one file beside this one and one line in index.ts; everything else (shapes,
 * parameters, the forward pass, cost, influence) is asked of it through this contract. Importing a layer loads no
 * tensor library: what computes gets the engine as an argument.
 */
import type { Tensor, Tensor1D, Variable } from '@tensorflow/tfjs-core'
import { Type, type Static, type TObject } from '../../schema/type.js'
import { choice } from '../../choices.js'
import { AppError } from '../../errors.js'
import type { RandomStream } from '../../math/random.js'
import type { Engine } from '../engine.js'

const activations = ['relu', 'tanh', 'sigmoid', 'sin', 'linear'] as const
export type Activation = typeof activations[number]

/** What is applied to a layer's sums. */
export const ActivationField = choice(activations, { default: 'relu', description: 'Applied after the layer' })

/** The same where most layers have none. */
export const OptionalActivation = Type.Optional(choice(activations, { description: 'Applied after the layer; linear when left out' }))

/** Fields that every layer has: how it is wired. */
export const wiring = {
  name: Type.Optional(Type.String({ pattern: '^[a-z][a-zA-Z0-9-]{0,39}$', description: 'Name by which later layers take this one’s output' })),
  inputs: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), {
    minItems: 1, maxItems: 16, description: 'Names of earlier layers, or input, the network’s own; the layer before when left out'
  }))
}

/** Fields of a layer that says whether it adds a bias. */
export const withBias = {
  bias: Type.Optional(Type.Boolean({ description: 'Whether a trainable number per output channel is added; true when left out' }))
}

export { closed } from '../../choices.js'

/** What is known of one layer of a network before anything is computed. */
export interface Place {
  /** where the architecture names it: layers[3] */
  path: string
  /** shapes of one example, one per input of the layer */
  inputs: number[][]
}

/** An array of a layer. trainable ones are named weight or bias, weight first; statistics follow. */
export interface ParameterSpec {
  name: string
  shape: number[]
  role: 'trainable' | 'statistic'
  /** Its first numbers. @param stream gives the next ones, none where they are constants */
  initial (size: number, stream: RandomStream): Float32Array
}

/** What a forward pass is made in. */
export interface Pass {
  engine: Engine
  /** position of the layer in the network */
  index: number
  /** in training: what makes it differ from evaluation */
  training: Training | undefined
}

/** In training, layers may look at the batch as a whole, keep statistics of it, and draw random numbers. */
export interface Training {
  /** int32 [2], another one for every step; nothing random happens without */
  key?: Tensor1D
  /** share of this batch in the statistics, 0 .. 1; the layer's own when left out */
  share?: Tensor
}

/** Variables of a layer by their names. */
export type Variables = Record<string, Variable>

/** The gradient of single examples by one weight: two factors whose outer product it is, or all of it. */
export type WeightGradient = [activations: Tensor, deltas: Tensor] | [whole: Tensor]

/** Gradients of n examples by the parameters of one layer; nothing is averaged over the examples. */
export interface ExampleGradients {
  /** [[n, fanIn], [n, fanOut]], or [[n, ...]]: numbers in the order of the weight's, in any shape */
  weight: WeightGradient
  /** [n, ...] */
  bias?: Tensor
}

export interface LayerKind<Fields, Schema extends TObject = TObject> {
  schema: Schema
  /** one: a single input; several: two or more; any other number by check in shape() */
  arity: 'one' | 'several' | 'one or two'
  /** Shape of one example after the layer. @throws invalid_spec when the inputs do not fit */
  shape (layer: Fields, place: Place): number[]
  /** How many times as large pictures become, and how many times as small; left out by layers that keep their size but for edges. */
  scaling? (layer: Fields): { up?: number, down?: number }
  /** Arrays of the layer, trainable ones first; none when left out. */
  parameters? (layer: Fields, place: Place): ParameterSpec[]
  /**
   * The layer's output before bias and activation, which the network adds where the layer has a parameter `bias` that it
   * does not add itself, and a field `activation`. Sizes of pictures follow from the inputs, not from the architecture.
   */
  forward (layer: Fields, inputs: Tensor[], variables: Variables, pass: Pass): Tensor
  /** forward() has added the bias */
  addsOwnBias?: true
  /**
   * Every output is one of the inputs' numbers, chosen by their order: what only grows with them (bias, activation)
   * may come after it.
   */
  selects?: true
  /** what makes a pass of training differ from one of evaluation */
  inTraining?: 'statistics of the batch' | 'random numbers'
  /** Floating-point operations of one example's forward pass, where they count. */
  flops? (layer: Fields, place: Place, output: number[]): number
  /** what influence can do with the layer's parameters; left out by layers that have none */
  influence?: Influence<Fields>
}

/** How single examples' gradients by a layer's parameters are found. */
export interface Influence<Fields> {
  /**
   * Gradients of single examples, exactly.
   * @param input  of the layer, [n, ...]
   * @param delta  derivative of every example's loss by the layer's sums, of their shape
   */
  gradients (layer: Fields, input: Tensor, delta: Tensor, variables: Variables, pass: Pass): ExampleGradients
  /**
   * Where the gradient by the weight is the sum over positions of activation x delta, and delta itself by the bias:
   * the activations, [n, fanIn] or [n, positions, fanIn]. An index of all layers needs this of each.
   */
  activations? (layer: Fields, input: Tensor, pass: Pass): Tensor
  /** Numbers that gradients() holds per example at most. */
  floats (layer: Fields, place: Place, output: number[]): number
}

/** Types a layer's functions by its schema. */
export function defineLayer<S extends TObject> (kind: LayerKind<Static<S>, S>): LayerKind<Static<S>, S> {
  return kind
}

/** @throws invalid_spec "layers[0] must …, got …" */
export function refuse (path: string, rule: string, got: unknown): never {
  throw new AppError('invalid_spec', `${path} ${rule}, got ${JSON.stringify(got)}`, { errors: [{ path, rule, got }] })
}

/** The only input, as [height, width, channels]. @throws invalid_spec */
export function pictureOf ({ inputs: [input], path }: Place, type: string): [number, number, number] {
  if (input!.length !== 3) refuse(path, `is ${type} and must get [height, width, channels]`, input)
  return input as [number, number, number]
}

/** Bias of a layer: zeros, unless the layer has none. */
export function biasOf (layer: { bias?: boolean }, channels: number): ParameterSpec[] {
  return layer.bias === false ? [] : [{ name: 'bias', shape: [channels], role: 'trainable', initial: size => new Float32Array(size) }]
}

/**
 * A weight: He normal before relu, Glorot uniform otherwise.
 * Sources: He et al. 2015, arXiv:1502.01852, eq. 10; Glorot and Bengio 2010, eq. 16.
 */
export function weightOf (
  shape: number[], { fanIn, fanOut, activation }: { fanIn: number, fanOut: number, activation: Activation }
): ParameterSpec {
  return {
    name: 'weight',
    shape,
    role: 'trainable',
    initial (size, stream) {
      const values = new Float32Array(size)
      if (activation === 'relu') {
        const deviation = Math.sqrt(2 / fanIn)
        return values.map(() => deviation * stream.normal())
      }
      const limit = Math.sqrt(6 / (fanIn + fanOut))
      return values.map(() => limit * (2 * stream.uniform() - 1))
    }
  }
}

/** MaxPool for max-pool: how schemas of layers and heads are called in the documentation. */
export function pascalCase (type: string): string {
  return type.split('-').map(word => word[0]!.toUpperCase() + word.slice(1)).join('')
}
