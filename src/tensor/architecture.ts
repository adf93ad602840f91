/**
 * What a network looks like, as data: the schema, and what follows from it without computing anything: the shapes
 * between its layers, their arrays. Plain TypeBox, so that the API can use it without the tensor library.
 * Layers: layers/index.ts; how they are wired: wiring.ts. Next hop: network.ts makes the live thing.
 */
import { Type, type Static } from '../schema/type.js'
import { sizeOf } from '../math/arrays.js'
import { Head, namedHeadSchemas, openHead } from './heads/index.js'
import { Layer, layerSchemas, namedLayerSchemas } from './layers/index.js'
import { refuse } from './layers/layer.js'
import { wire, type PlannedLayer } from './wiring.js'

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
