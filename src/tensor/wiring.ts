/** How a list of layers is wired: what each of them gets, and the shape of what it makes. Next hop: architecture.ts. */
import { kindOf, type Layer } from './layers/index.js'
import { refuse, type LayerKind, type ParameterSpec, type Place } from './layers/layer.js'

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
 * Wires layers and follows the shapes through them; the last ones need not be used yet.
 * @param inputShape  of the network
 * @returns as many entries as there are layers
 * @throws invalid_spec when a layer does not fit what it gets, or names what is not there
 */
export function wire ({ inputShape, layers }: { inputShape: number[], layers: Layer[] }): PlannedLayer[] {
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
  const [min, max] = { one: [1, 1], 'one or two': [1, 2], several: [2, Infinity] }[arity] as [number, number]
  if (count < min || count > max) refuse(`${path}.inputs`, `must be ${arity === 'several' ? 'two or more' : arity} for ${type}`, count)
}
