/** The registry of layers: the only place that lists them. */
import { Type, type Static } from '../../schema/type.js'
import { add } from './add.js'
import { averagePool } from './average-pool.js'
import { batchNorm } from './batch-norm.js'
import { concat } from './concat.js'
import { convTranspose } from './conv-transpose.js'
import { conv } from './conv.js'
import { dense } from './dense.js'
import { depthwiseConv } from './depthwise-conv.js'
import { dropout } from './dropout.js'
import { embedding } from './embedding.js'
import { flatten } from './flatten.js'
import { globalAveragePool } from './global-average-pool.js'
import { pascalCase, type LayerKind } from './layer.js'
import { maxPool } from './max-pool.js'
import { resizeBilinear } from './resize-bilinear.js'

const kinds = [
  dense, conv, depthwiseConv, maxPool, averagePool, globalAveragePool, flatten, batchNorm, dropout, add, concat, convTranspose,
  resizeBilinear, embedding
] as const

/** Schemas of all layers, each an object with a literal `type`. */
export const layerSchemas = kinds.map(kind => kind.schema)

/** One layer of a network. */
export const Layer = Type.Unsafe<Layer>(Type.Union([...layerSchemas], { discriminator: { propertyName: 'type' } }))
export type Layer = Static<typeof layerSchemas[number]>

const byType = new Map(kinds.map(kind => [kind.schema.properties.type.const as string, kind as unknown as LayerKind<Layer>]))

/** Everything that can be asked of a layer. */
export function kindOf (layer: Layer): LayerKind<Layer> {
  return byType.get(layer.type)!
}

/** Schemas by the names that they have in the documentation of the API: MaxPoolLayer. */
export const namedLayerSchemas = Object.fromEntries(layerSchemas.map(schema => [`${pascalCase(schema.properties.type.const)}Layer`, schema]))
