/**
 * Rewrites the unions of a schema so that a validator reports only what the caller meant: a union is decided by its
 * discriminating property, by the key that is there, or by the JSON type, never by trying every branch. Inside the
 * decided branch defaults are filled too, which Ajv does not do under anyOf and oneOf. Values accepted stay the same.
 */

export type JsonSchema = Record<string, unknown>

const MAPS_OF_SCHEMAS = ['properties', 'patternProperties', '$defs', 'definitions']
const SCHEMAS = ['items', 'additionalProperties', 'if', 'then', 'else', 'not', 'contains', 'propertyNames', 'allOf']

/** Returns a copy of the schema in which unions are chains of if, then and else. */
export function decideUnions (schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(decideUnions)
  if (!isObject(schema)) return schema
  const { anyOf, oneOf, discriminator, ...rest } = schema
  const copy: JsonSchema = { ...rest }
  for (const key of SCHEMAS) if (key in copy) copy[key] = decideUnions(copy[key])
  for (const key of MAPS_OF_SCHEMAS) {
    const map = copy[key]
    if (isObject(map)) copy[key] = Object.fromEntries(Object.entries(map).map(([name, member]) => [name, decideUnions(member)]))
  }
  const branches = anyOf ?? oneOf
  if (!Array.isArray(branches)) return copy
  return { ...copy, ...decide(branches as JsonSchema[]) }
}

/** Names the property whose constant tells the branches apart, if every branch has it. */
function discriminatorOf (branches: JsonSchema[]): string | undefined {
  const first = branches[0]
  if (branches.length < 2 || first === undefined || !isObject(first.properties)) return undefined
  return Object.keys(first.properties).find(name => {
    const tags = branches.map(branch => tagOf(branch, name))
    return tags.every(tag => tag !== undefined) && new Set(tags).size === tags.length
  })
}

function decide (branches: JsonSchema[]): JsonSchema {
  if (branches.length === 1) return decideUnions(branches[0]) as JsonSchema
  if (branches.every(isLiteral)) return { enum: branches.flatMap(valuesOf) }
  const tag = discriminatorOf(branches)
  if (tag !== undefined) return byTag(branches, tag)
  return byType(branches) ?? byKey(branches) ?? { anyOf: branches.map(decideUnions) }
}

function byTag (branches: JsonSchema[], tag: string): JsonSchema {
  const values = branches.map(branch => tagOf(branch, tag))
  const chain = branches.reduceRight<JsonSchema>((otherwise, branch, i) => ({
    if: { type: 'object', required: [tag], properties: { [tag]: { const: values[i] } } },
    then: decideUnions(branch),
    else: otherwise
  }), {})
  return { type: 'object', required: [tag], properties: { [tag]: { enum: values } }, ...chain }
}

/** Branches of different JSON types; those of one type are decided further. */
function byType (branches: JsonSchema[]): JsonSchema | undefined {
  const types = branches.map(typeOf)
  if (types.includes(undefined) || new Set(types).size < 2) return undefined
  const groups = [...new Set(types as string[])].map(type => ({ type, members: branches.filter(branch => typeOf(branch) === type) }))
  const wanted = `must be ${groups.map(({ type, members }) => describe(type, members)).join(' or ')}`
  return groups.reduceRight<JsonSchema>((otherwise, { type, members }) => ({
    if: { type },
    then: members.every(isLiteral) ? { enum: members.flatMap(valuesOf), wanted } : decide(members),
    else: otherwise
  }), { not: {}, wanted })
}

/** Objects told apart by a required key that no other branch has. */
function byKey (branches: JsonSchema[]): JsonSchema | undefined {
  const keys = branches.map(branch => keysOf(branch).find(key =>
    branches.every(other => other === branch || !isObject(other.properties) || !(key in other.properties))))
  if (branches.some(branch => branch.type !== 'object') || keys.includes(undefined)) return undefined
  const chain = branches.reduceRight<JsonSchema>((otherwise, branch, i) => ({
    if: { type: 'object', required: [keys[i]] }, then: decideUnions(branch), else: otherwise
  }), { if: { type: 'object' }, then: { not: {}, wanted: `must have one of ${keys.join(', ')}` } })
  return { type: 'object', ...chain }
}

function describe (type: string, members: JsonSchema[]): string {
  return members.every(isLiteral) ? members.flatMap(valuesOf).map(value => JSON.stringify(value)).join(' or ') : type
}

function keysOf (branch: JsonSchema): string[] {
  return Array.isArray(branch.required) ? branch.required as string[] : []
}

function tagOf (branch: JsonSchema, name: string): unknown {
  if (!isObject(branch.properties) || !keysOf(branch).includes(name)) return undefined
  const property = branch.properties[name]
  return isObject(property) ? property.const : undefined
}

function typeOf (branch: JsonSchema): string | undefined {
  if (typeof branch.type === 'string') return branch.type === 'integer' ? 'number' : branch.type
  if (!isLiteral(branch)) return undefined
  const types = new Set(valuesOf(branch).map(value => value === null ? 'null' : typeof value))
  return types.size === 1 ? [...types][0] : undefined
}

function isLiteral (branch: JsonSchema): boolean {
  return 'const' in branch || Array.isArray(branch.enum)
}

function valuesOf (branch: JsonSchema): unknown[] {
  return 'const' in branch ? [branch.const] : branch.enum as unknown[]
}

function isObject (value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
