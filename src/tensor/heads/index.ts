/** The registry of heads: the only place that lists them. */
import { Type, type Static } from '../../schema/type.js'
import { AppError } from '../../errors.js'
import { pascalCase } from '../layers/layer.js'
import { binary } from './binary.js'
import { classMap } from './class-map.js'
import { classes } from './classes.js'
import type { HeadKind } from './head.js'
import { values } from './values.js'

const kinds = [classes, binary, values, classMap] as const
const schemas = kinds.map(kind => kind.schema)

/** What the outputs of a network mean. */
export const Head = Type.Unsafe<Head>(Type.Union([...schemas], {
  discriminator: { propertyName: 'type' }, description: 'What the outputs mean and what they are trained on; classes when left out'
}))
export type Head = Static<typeof schemas[number]>

const byType = new Map(kinds.map(kind => [kind.schema.properties.type.const as string, kind as unknown as HeadKind<Head>]))

/** A head and all that can be asked of it. */
export function openHead (head: Head = { type: 'classes' }): { head: Head, kind: HeadKind<Head> } {
  return { head, kind: byType.get(head.type)! }
}

/** @throws invalid_input when a network's outputs are no logits of classes @param what cannot do without them, for the message */
export function requireClasses (architecture: { head?: Head | undefined }, what: string): void {
  requireHead(architecture, 'classes', what)
}

/** @throws invalid_input when a network has another head @param what cannot do without it, for the message */
export function requireHead ({ head = { type: 'classes' } }: { head?: Head | undefined }, type: Head['type'], what: string): void {
  if (head.type !== type) throw new AppError('invalid_input', `${what} must get a network of head ${type}, got ${head.type}`)
}

/** Schemas by the names that they have in the documentation of the API: ClassMapHead. */
export const namedHeadSchemas = Object.fromEntries(schemas.map(schema => [`${pascalCase(schema.properties.type.const)}Head`, schema]))
