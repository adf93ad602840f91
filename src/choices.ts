/** Schemas of a choice: one of several words, or one of several objects told apart by their `type`; and who was meant by another word. */
import { Type, type Static, type TObject, type TSchemaOptions, type TUnsafe } from './schema/type.js'

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

/** The known name that another one is a slip of: by at most two letters, whatever their case. */
export function findClose (name: string, known: readonly string[]): string | undefined {
  return known.find(candidate => distance(candidate.toLowerCase(), name.toLowerCase()) <= 2)
}

/** Levenshtein's edit distance. */
function distance (a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}
