/**
 * What a network looks like, as data: the schema, and the shapes that follow from it. Plain TypeBox, so that the API
 * can use it without the tensor library. Next hop: network.ts makes the live thing.
 */
import { Type, type Static } from 'typebox'
import { sizeOf } from '../math/arrays.js'
import { AppError } from '../errors.js'

/** What is applied to a layer's weighted sums. */
export const Activation = Type.Union(
  [Type.Literal('linear'), Type.Literal('relu'), Type.Literal('tanh')],
  { description: 'Applied to the weighted sums.', default: 'relu' }
)

/** Every input feature to every unit. */
export const DenseLayer = Type.Object({
  type: Type.Literal('dense'),
  units: Type.Integer({ description: 'Outputs.', minimum: 1, maximum: 65536 }),
  activation: Activation
}, { additionalProperties: false })

/** Square two-dimensional convolution over [height, width, channels]. */
export const ConvLayer = Type.Object({
  type: Type.Literal('conv'),
  filters: Type.Integer({ description: 'Output channels.', minimum: 1, maximum: 4096 }),
  kernel: Type.Integer({ description: 'Height and width of the kernel, pixels.', minimum: 1, maximum: 31, default: 3 }),
  stride: Type.Integer({ description: 'Pixels between neighbouring positions.', minimum: 1, maximum: 16, default: 1 }),
  padding: Type.Union([Type.Literal('same'), Type.Literal('valid')], {
    description: 'same: zeros around the picture; valid: only whole windows.', default: 'same'
  }),
  activation: Activation
}, { additionalProperties: false })

/** Maximum over disjoint squares; a rest at the right and lower edge is dropped. */
export const MaxPoolLayer = Type.Object({
  type: Type.Literal('max-pool'),
  size: Type.Integer({ description: 'Height and width of the window, pixels.', minimum: 1, maximum: 31, default: 2 })
}, { additionalProperties: false })

/** [height, width, channels] to [features]. */
export const FlattenLayer = Type.Object({ type: Type.Literal('flatten') }, { additionalProperties: false })

/** One layer of a network. */
export const Layer = Type.Union([DenseLayer, ConvLayer, MaxPoolLayer, FlattenLayer], { discriminator: { propertyName: 'type' } })
export type Layer = Static<typeof Layer>

/** A feed-forward network. The last layer is dense and linear: its outputs are the logits. */
export const Architecture = Type.Object({
  inputShape: Type.Array(Type.Integer({ minimum: 1 }), {
    description: '[features], or [height, width, channels].', minItems: 1, maxItems: 3
  }),
  layers: Type.Array(Layer, { minItems: 1, maxItems: 64 })
}, { additionalProperties: false })
export type Architecture = Static<typeof Architecture>

/** A trainable array of a network: `layer0.weight`, `layer0.bias`. */
export interface ParameterShape { name: string, shape: number[] }

/**
 * Lists the shape of one example after every layer.
 * @returns [features] or [height, width, channels] per layer; the last is [classes]
 * @throws invalid_spec when a layer does not fit what comes before it
 */
export function outputShapes (architecture: Architecture): number[][] {
  const { inputShape, layers } = architecture
  if (inputShape.length !== 1 && inputShape.length !== 3) {
    fail('inputShape', 'must be [features] or [height, width, channels]', inputShape)
  }
  const shapes: number[][] = []
  for (const [index, layer] of layers.entries()) {
    shapes.push(outputShape(layer, shapes.at(-1) ?? inputShape, `layers[${index}]`))
  }
  const last = layers.at(-1)
  if (last?.type !== 'dense' || last.activation !== 'linear') {
    fail(`layers[${layers.length - 1}]`, 'must be dense and linear, for its outputs are the logits', last)
  }
  return shapes
}

/**
 * Lists the trainable arrays in the order of the layers, weight before bias.
 * @returns dense weight [fanIn, units], conv weight [kernel, kernel, channelsIn, filters], bias [units] or [filters]
 * @throws invalid_spec when the layers do not fit
 */
export function parameterShapes (architecture: Architecture): ParameterShape[] {
  const outputs = outputShapes(architecture)
  return architecture.layers.flatMap((layer, index) => {
    const input = outputs[index - 1] ?? architecture.inputShape
    const weight = weightShape(layer, input)
    if (!weight) return []
    return [
      { name: `layer${index}.weight`, shape: weight },
      { name: `layer${index}.bias`, shape: [weight.at(-1)!] }
    ]
  })
}

/**
 * Counts the trainable numbers.
 * @throws invalid_spec when the layers do not fit
 */
export function parameterCount (architecture: Architecture): number {
  return parameterShapes(architecture).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}

/**
 * Counts the classes: the logits of one example.
 * @throws invalid_spec when the layers do not fit
 */
export function classCount (architecture: Architecture): number {
  return outputShapes(architecture).at(-1)![0]!
}

function weightShape (layer: Layer, input: number[]): number[] | undefined {
  if (layer.type === 'dense') return [input[0]!, layer.units]
  if (layer.type === 'conv') return [layer.kernel, layer.kernel, input[2]!, layer.filters]
  return undefined
}

function outputShape (layer: Layer, input: number[], path: string): number[] {
  switch (layer.type) {
    case 'dense':
      if (input.length !== 1) fail(path, 'is dense and must come after a flatten layer', input)
      return [layer.units]
    case 'flatten':
      return [sizeOf(input)]
    case 'conv': {
      const [height, width] = picture(layer, input, path)
      return [windows(height, layer, path), windows(width, layer, path), layer.filters]
    }
    case 'max-pool': {
      const [height, width, channels] = picture(layer, input, path)
      if (Math.min(height, width) < layer.size) fail(path, `needs a picture of at least ${layer.size} pixels a side`, input)
      return [Math.floor(height / layer.size), Math.floor(width / layer.size), channels]
    }
  }
}

function picture (layer: Layer, input: number[], path: string): [number, number, number] {
  if (input.length !== 3) fail(path, `is ${layer.type} and must get [height, width, channels]`, input)
  return input as [number, number, number]
}

function windows (size: number, { kernel, stride, padding }: Static<typeof ConvLayer>, path: string): number {
  if (padding === 'same') return Math.ceil(size / stride)
  if (size < kernel) fail(path, `needs a picture of at least ${kernel} pixels a side`, [size])
  return Math.floor((size - kernel) / stride) + 1
}

function fail (path: string, rule: string, got: unknown): never {
  throw new AppError('invalid_spec', `${path} ${rule}, got ${JSON.stringify(got)}`, { errors: [{ path, rule, got }] })
}
