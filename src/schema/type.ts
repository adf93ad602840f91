/**
 * Describes JSON with TypeBox's words and types, without loading TypeBox: its 373 modules take 0.35 processor seconds in
 * every process and in every thread that has a schema, and what we use of it is a few lines. All of src takes it from here.
 */
import type { Type as TypeBox, TSchema } from 'typebox'

export type { Static, TObject, TProperties, TSchema, TSchemaOptions, TUnsafe } from 'typebox'

type Used = 'Array' | 'Boolean' | 'Enum' | 'Integer' | 'Literal' | 'Null' | 'Number' | 'Object' | 'Optional' | 'Record' | 'String' | 'Tuple' | 'Union' | 'Unknown' | 'Unsafe'

/** Options of a schema: description, default, bounds. They go over what the builder says. */
type Options = object | undefined

/** Marks a property that may be missing, as TypeBox does: hidden from JSON and from copies by spread. */
const optional = '~optional'

const builders = {
  Array: (items: TSchema, options: Options) => ({ type: 'array', items, ...options }),
  Boolean: (options: Options) => ({ type: 'boolean', ...options }),
  Enum: (values: readonly unknown[], options: Options) => ({ enum: values, ...options }),
  Integer: (options: Options) => ({ type: 'integer', ...options }),
  Literal: (value: string | number | boolean, options: Options) => ({ type: typeof value, const: value, ...options }),
  Null: (options: Options) => ({ type: 'null', ...options }),
  Number: (options: Options) => ({ type: 'number', ...options }),
  Object (properties: Record<string, TSchema>, options: Options) {
    const required = Object.keys(properties).filter(name => !Object.hasOwn(properties[name]!, optional))
    return { type: 'object', ...(required.length > 0 ? { required } : {}), properties, ...options }
  },
  Optional: (schema: TSchema) => Object.defineProperty({ ...schema }, optional, { value: true }),
  /** The names are any strings: nothing else is used. */
  Record: (_names: TSchema, values: TSchema, options: Options) => ({ type: 'object', patternProperties: { '^.*$': values }, ...options }),
  String: (options: Options) => ({ type: 'string', ...options }),
  Tuple: (items: TSchema[], options: Options) => ({ type: 'array', additionalItems: false, items, minItems: items.length, ...options }),
  Union: (anyOf: TSchema[], options: Options) => ({ anyOf, ...options }),
  Unknown: (options: Options) => ({ ...options }),
  Unsafe: (schema: object) => ({ ...schema })
} satisfies Record<Used, unknown>

/** The builders. Each gives the JSON that TypeBox's of the same name gives, member by member in the same order. */
export const Type = builders as unknown as Pick<typeof TypeBox, Used>
