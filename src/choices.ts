/** Schemas of a choice: one of several words, or one of several objects told apart by their `type`. */
import { Type, type Static, type TObject, type TSchemaOptions, type TUnsafe } from 'typebox'

/** Options of an object schema: an unknown field is an error. */
export const closed = { additionalProperties: false } as const

/** Makes the schema of one of several words. */
export function choice<const Words extends readonly string[]> (
  words: Words, options: TSchemaOptions = {}
): TUnsafe<Words[number]> {
  return Type.Unsafe<Words[number]>({ type: 'string', enum: words, ...options })
}

/**
 * Makes the schema of a union whose members carry a literal `type`. Written as oneOf with a discriminator, because
 * Ajv fills the defaults of the chosen branch, and blames only that branch, in no other form (anyOf does neither).
 * @param members object schemas, each with a property `type` that is a literal
 * @param options description and default of the field that holds the union
 */
export function taggedUnion<const Members extends TObject[]> (
  members: [...Members], options: TSchemaOptions = {}
): TUnsafe<Static<Members[number]>> {
  return Type.Unsafe<Static<Members[number]>>({
    type: 'object', required: ['type'], discriminator: { propertyName: 'type' }, oneOf: members, ...options
  })
}
