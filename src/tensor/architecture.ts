/**
 * What a network looks like, as data: the schema, and what follows from it without computing anything: how the layers
 * are wired, the shapes between them, their arrays. Plain TypeBox, so that the API can use it without the tensor
 * library. Layers: layers/index.ts. Next hop: network.ts makes the live thing.
 */
import { Type, type Static } from 'typebox'
import { sizeOf } from '../math/arrays.js'
import { Head, namedHeadSchemas, openHead } from './heads/index.js'
import { kindOf, Layer, layerSchemas, namedLayerSchemas } from './layers/index.js'
import { refuse, type LayerKind, type ParameterSpec, type Place } from './layers/layer.js'

export { Head, Layer, layerSchemas, namedHeadSchemas, namedLayerSchemas }

/** A feed-forward network. What its last layer must be the head says. */
export const Architecture = Type.Object({
  inputShape: Type.Array(Type.Integer({ minimum: 1 }), {
    description: '[features], or [height, width, channels].', minItems: 1, maxItems: 3
  }),
  layers: Type.Array(Layer, { minItems: 1, maxItems: 256, description: 'Every layer takes the one before, or the earlier ones that it names' }),
  head: Type.Optional(Head)
}, { additionalProperties: false })
export type Architecture = Static<typeof Architecture>

/** An array of a network: `layer0.weight`, `layer0.bias`. */
export interface ParameterShape { name: string, shape: number[] }

/** One layer of a network with all that follows from its place. */
export interface PlannedLayer extends Place {
  index: number
  layer: Layer
  kind: LayerKind<Layer>
  /** positions of the layers whose outputs it gets; -1 is the network's own input */
  sources: number[]
  /** of one example after the layer */
  shape: number[]
  /** under `layer<index>.<name>` in the network */
  parameters: ParameterSpec[]
}

/**
 * Wires the layers of a whole network and follows the shapes through them.
 * @returns as many entries as there are layers
 * @throws invalid_spec when a layer does not fit what it gets, names what is not there, or is used by nobody
 */
export function planOf (architecture: Architecture): PlannedLayer[] {
  const plan = wire(architecture)
  checkUse(plan)
  openHead(architecture.head).kind.check(plan.at(-1)!)
  return plan
}

/** The same for the first layers of a network, whose last ones need not be used yet. @throws invalid_spec */
export function wire ({ inputShape, layers }: Pick<Architecture, 'inputShape' | 'layers'>): PlannedLayer[] {
  if (inputShape.length !== 1 && inputShape.length !== 3) {
    refuse('inputShape', 'must be [features] or [height, width, channels]', inputShape)
  }
  const plan: PlannedLayer[] = []
  const known = new Map([['input', -1]])
  for (const [index, layer] of layers.entries()) {
    const path = `layers[${index}]`
    const kind = kindOf(layer)
    const sources = sourcesOf(layer, index, known, path)
    checkArity(kind, sources.length, layer, path)
    const place: Place = { path, inputs: sources.map(source => plan[source]?.shape ?? inputShape) }
    const shape = kind.shape(layer, place)
    plan.push({ ...place, index, layer, kind, sources, shape, parameters: kind.parameters?.(layer, place) ?? [] })
    if (layer.name === undefined) continue
    if (known.has(layer.name)) refuse(`${path}.name`, 'must be a name of its own', layer.name)
    known.set(layer.name, index)
  }
  return plan
}

/** Names stand for layers before this one, so a list of layers has no circles. */
function sourcesOf (layer: Layer, index: number, known: Map<string, number>, path: string): number[] {
  return layer.inputs?.map((name, i) => known.get(name) ??
    refuse(`${path}.inputs[${i}]`, `must be the name of an earlier layer (${[...known.keys()].join(', ')})`, name)) ?? [index - 1]
}

function checkArity ({ arity }: LayerKind<Layer>, count: number, { type }: Layer, path: string): void {
  const [least, most] = { one: [1, 1], 'one or two': [1, 2], several: [2, Infinity] }[arity] as [number, number]
  if (count < least || count > most) refuse(`${path}.inputs`, `must be ${arity === 'several' ? 'two or more' : arity} for ${type}`, count)
}

/** A layer whose output goes nowhere would have weights without a gradient. */
function checkUse (plan: PlannedLayer[]): void {
  const used = new Set(plan.flatMap(({ sources }) => sources))
  const idle = plan.slice(0, -1).find(({ index }) => !used.has(index))
  if (idle) refuse(idle.path, 'must be an input of a later layer', idle.layer.name ?? idle.layer.type)
}

/**
 * Lists the shape of one example after every layer.
 * @returns [features] or [height, width, channels] per layer
 * @throws invalid_spec when a layer does not fit what comes before it
 */
export function outputShapes (architecture: Architecture): number[][] {
  return planOf(architecture).map(({ shape }) => shape)
}

/**
 * Lists the trainable arrays in the order of the layers, weight before bias.
 * @throws invalid_spec when the layers do not fit
 */
export function parameterShapes (architecture: Architecture): ParameterShape[] {
  return planOf(architecture).flatMap(({ index, parameters }) => parameters.filter(({ role }) => role === 'trainable')
    .map(({ name, shape }) => ({ name: `layer${index}.${name}`, shape })))
}

/**
 * Counts the trainable numbers.
 * @throws invalid_spec when the layers do not fit
 */
export function parameterCount (architecture: Architecture): number {
  return parameterShapes(architecture).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}

/**
 * Floating-point operations of one example's forward pass.
 * @throws invalid_spec when the layers do not fit
 */
export function forwardFlops (architecture: Architecture): number {
  return planOf(architecture).reduce((sum, { kind, layer, shape, ...place }) => sum + (kind.flops?.(layer, place, shape) ?? 0), 0)
}

/**
 * Counts the classes: the logits of one example.
 * @throws invalid_spec when the layers do not fit
 */
export function classCount (architecture: Architecture): number {
  return outputShapes(architecture).at(-1)![0]!
}
