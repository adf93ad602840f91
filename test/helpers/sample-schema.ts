/** Draws values that fit a schema, from a random stream: what a caller might send who has read nothing but the schema. */
import type { RandomStream } from '../../src/math/random.js'

interface Schema {
  type?: string
  const?: unknown
  enum?: unknown[]
  oneOf?: Schema[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  maxProperties?: number
  items?: Schema
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  default?: unknown
  minLength?: number
  maxLength?: number
  format?: string
}

/** Largest values by the name of the field, where the schema's own would take hours. */
export type Caps = Record<string, number>

const someId = '00000000-0000-7000-8000-000000000000'

/** Draws one value. Optional fields and fields with a default are there half of the time. */
export function sampleSchema (schema: unknown, random: RandomStream, caps: Caps, name = ''): unknown {
  const { const: fixed, enum: words, oneOf, anyOf, type, ...rest } = schema as Schema
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random.uniform() * values.length)]!
  if (fixed !== undefined) return fixed
  if (words !== undefined) return pick(words)
  const branches = oneOf ?? anyOf
  if (branches !== undefined) return sampleSchema(pick(branches), random, caps, name)
  switch (type) {
    case 'object': return sampleObject(rest, random, caps)
    case 'array': return sampleArray(rest, random, caps, name)
    case 'integer':
    case 'number': return sampleNumber(rest, random, type, caps[name] ?? Infinity)
    case 'boolean': return random.uniform() < 0.5
    case 'string': return rest.format === 'uuid' ? someId : 'abcdefgh'.repeat(5).slice(0, Math.min(rest.maxLength ?? 8, 3 + Math.floor(6 * random.uniform())))
    default: throw new Error(`The sampler must know the type of ${name}, got ${JSON.stringify(schema).slice(0, 200)}`)
  }
}

function sampleObject ({ properties = {}, required = [], maxProperties }: Schema, random: RandomStream, caps: Caps): object {
  const names = Object.keys(properties)
  if (maxProperties === 1) { // either one or the other
    const chosen = names.filter(name => !['datasetId', 'catalog'].includes(name))
    const name = chosen[Math.floor(random.uniform() * chosen.length)]!
    return { [name]: sampleSchema(properties[name], random, caps, name) }
  }
  const isNeeded = (name: string) => required.includes(name) && properties[name]!.default === undefined
  const isThere = (name: string) => isNeeded(name) || name in caps || random.uniform() < 0.5
  return Object.fromEntries(names.filter(isThere).map(name => [name, sampleSchema(properties[name], random, caps, name)]))
}

function sampleArray (schema: Schema, random: RandomStream, caps: Caps, name: string): unknown[] {
  const { items, minItems = 0, maxItems = 4, uniqueItems } = schema
  const size = minItems + Math.floor(random.uniform() * (Math.min(maxItems, minItems + 3) - minItems + 1))
  const values = Array.from({ length: size }, () => sampleSchema(items, random, caps, name))
  return uniqueItems === true ? [...new Set(values)] : values
}

/** The bounds themselves as often as what lies between them. */
function sampleNumber (schema: Schema, random: RandomStream, type: 'integer' | 'number', cap: number): number {
  const { minimum, maximum = 1e6, exclusiveMinimum, exclusiveMaximum, default: otherwise } = schema
  const min = minimum ?? (exclusiveMinimum === undefined ? -1e6 : type === 'integer' ? exclusiveMinimum + 1 : exclusiveMinimum + 1e-12)
  const max = Math.min(cap, exclusiveMaximum === undefined ? maximum : Math.min(maximum, exclusiveMaximum - 1e-9))
  const place = random.uniform()
  if (place < 0.2) return min
  if (place < 0.35) return Math.max(min, max)
  if (place < 0.5 && typeof otherwise === 'number') return Math.max(min, Math.min(otherwise, max))
  const value = min + random.uniform() ** 3 * Math.max(0, max - min)
  return type === 'integer' ? Math.round(value) : value
}
