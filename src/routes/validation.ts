/**
 * Checks what comes in against TypeBox schemas and says what is wrong in words a caller can act on: {path, rule, got}.
 * Bodies and specs are taken literally; query strings, path parameters and headers are text and are coerced.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import { findClose } from '../choices.js'
import { AppError, summarise, type ErrorCode, type Violation } from '../errors.js'
import { decideUnions } from './unions.js'

/** How many broken rules one answer lists. */
const MAX_VIOLATIONS = 20
/** Deeper than any spec, and shallow enough for every function here that calls itself. */
const DEEPEST = 50
/**
 * Control characters but tab and line ends (C0, DEL, and C1, which is what text of Windows looks like when it is read as
 * Latin-1), lone surrogates, and the two that are no characters: PostgreSQL or XML, and so a figure, cannot hold them.
 */
// eslint-disable-next-line no-control-regex -- they are what is sought
const UNSTORABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/u

/**
 * Makes the check of one schema. The check fills defaults in place. A schema is compiled once, whoever asks and however
 * often: Ajv keeps all that it ever compiled, so compiling per request would be a leak. And it is compiled when something is
 * first checked: all schemas of the API together take half a second, which no start should wait for.
 * @param options.coerce  the value is text that stands for numbers, booleans and lists
 * @param options.root    what paths start with: "spec"
 * @returns the broken rules, [] when there are none
 */
export function compileCheck (schema: object, options: { coerce?: boolean, root?: string } = {}): (value: unknown) => Violation[] {
  return value => {
    const { validate, explain, integers } = compiledFor(schema, options.coerce === true)
    const loose = findLooseIntegers(value, integers, options.root ?? '')
    if (loose.length > 0) return loose
    if (validate(value)) return []
    const errors = explain(value)
    return toViolations(errors.length > 0 ? errors : validate.errors ?? [], options.root ?? '')
  }
}

function integerFields (schema: unknown): string[] {
  const { properties = {} } = schema as { properties?: Record<string, { type?: unknown }> }
  return Object.keys(properties).filter(name => properties[name]!.type === 'integer')
}

/** Ajv takes the texts 1e3, 0x10 and Infinity for integers; as a cursor or a limit each is a mistake. */
function findLooseIntegers (value: unknown, fields: string[], root: string): Violation[] {
  return fields.flatMap(name => {
    const got = (value as Record<string, unknown> | null)?.[name]
    return typeof got === 'string' && !/^-?\d+$/.test(got) ? [{ path: toPath(root, '', name), rule: 'must be integer', got: summarise(got) }] : []
  })
}

interface Compiled {
  validate: ValidateFunction
  /** every error: this costs memory in proportion to the body, so it is only asked once one is known to be there */
  explain (value: unknown): ErrorObject[]
  /** fields whose text must be that of an integer */
  integers: string[]
}

/** By whether text is coerced, then by the schema itself. */
const compiled = { literal: new WeakMap<object, Compiled>(), coerced: new WeakMap<object, Compiled>() }

function compiledFor (schema: object, coerce: boolean): Compiled {
  const known = coerce ? compiled.coerced : compiled.literal
  const existing = known.get(schema)
  if (existing !== undefined) return existing
  const decided = decideUnions(schema) as object
  let collect: ValidateFunction | undefined
  const made: Compiled = {
    validate: openAjv(coerce, false).compile(decided),
    explain (value) {
      collect ??= openAjv(coerce, true).compile(decided)
      collect(value)
      return collect.errors ?? []
    },
    integers: coerce ? integerFields(schema) : []
  }
  known.set(schema, made)
  return made
}

/** Fastify's validator compiler: bodies literally, everything else coerced; a bad path parameter is a 404. */
export const validatorCompiler: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  // A streamed form is read and checked by its route.
  if ((schema as Record<string, unknown>)['x-streamed'] === true) return (value: unknown) => ({ value })
  const root = httpPart === 'querystring' ? 'query' : httpPart ?? ''
  const check = compileCheck(schema as object, httpPart === 'body' ? {} : { coerce: true, root })
  return (value: unknown) => {
    const violations = check(value)
    if (violations.length === 0) return { value }
    return { error: violationError(httpPart === 'params' ? 'not_found' : 'invalid_request', violations) }
  }
}

/**
 * Finds what no schema speaks of and nothing here can hold: control characters and lone surrogates in text, and nesting
 * without end.
 * @param path of the value, for the violation
 * @returns the first one, undefined when all is well
 */
export function findUnstorable (value: unknown, path = '', depth = 0): Violation | undefined {
  if (typeof value === 'string') {
    const at = value.search(UNSTORABLE)
    if (at < 0) return undefined
    const found = value.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')
    return { path: path || 'body', rule: 'must be text without control characters and lone surrogates', got: `U+${found} at position ${at}` }
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (depth === DEEPEST) return { path: path || 'body', rule: `must be nested at most ${DEEPEST} deep`, got: 'more' }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) { // by index: a raw input is hundreds of thousands of numbers
      const found = typeof value[i] === 'number' ? undefined : findUnstorable(value[i], `${path}[${i}]`, depth + 1)
      if (found !== undefined) return found
    }
    return undefined
  }
  for (const [key, member] of Object.entries(value)) {
    const found = findUnstorable(key, `a name in ${path || 'body'}`) ?? findUnstorable(member, path === '' ? key : `${path}.${key}`, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** The error that lists broken rules, the first of them in its detail. */
export function violationError (code: ErrorCode, violations: Violation[]): AppError {
  const first = violations[0]
  const others = violations.length > 1 ? ` (and ${violations.length - 1} more)` : ''
  const detail = first === undefined ? '' : `${sayViolation(first)}${others}`
  return new AppError(code, detail, { errors: violations.slice(0, MAX_VIOLATIONS) })
}

/** One broken rule as a sentence: "spec.learningRate must be > 0, got -0.1". */
export function sayViolation ({ path, rule, got }: Violation): string {
  return rule === 'is required' ? `${path} ${rule}` : `${path} ${rule}, got ${JSON.stringify(got)}`
}

const opened = new Map<string, Ajv>()

/** An instance costs milliseconds to make, so each of the four is made once, when it is first asked for. */
function openAjv (coerce: boolean, all: boolean): Ajv {
  const key = `${coerce} ${all}`
  const existing = opened.get(key)
  if (existing !== undefined) return existing
  const ajv = new Ajv({
    removeAdditional: false,
    useDefaults: true,
    discriminator: true,
    coerceTypes: coerce ? 'array' : false,
    allErrors: all,
    verbose: all,
    strict: false,
    strictNumbers: true // 1e999 is read as Infinity
  })
  formats.default(ajv)
  opened.set(key, ajv)
  return ajv
}

function toViolations (errors: ErrorObject[], root: string): Violation[] {
  const unions = errors.filter(error => error.keyword === 'anyOf').map(error => error.schemaPath)
  return errors
    .filter(error => error.keyword !== 'if' && !unions.some(union => error.schemaPath.startsWith(`${union}/`)))
    .slice(0, MAX_VIOLATIONS)
    .map(error => toViolation(error, root))
}

function toViolation (error: ErrorObject, root: string): Violation {
  const at = (extra?: string) => toPath(root, error.instancePath, extra)
  const got = summarise(error.data)
  const params = error.params as Record<string, unknown>
  const wanted = (error.parentSchema as { wanted?: string } | undefined)?.wanted // src/routes/unions.ts
  if (wanted !== undefined && ['not', 'enum'].includes(error.keyword)) return { path: at(), rule: wanted, got }
  switch (error.keyword) {
    case 'required':
      return { path: at(String(params.missingProperty)), rule: 'is required', got: null }
    case 'additionalProperties': {
      const name = String(params.additionalProperty)
      return { path: at(name), rule: unknownField(name, error), got: summarise((error.data as Record<string, unknown>)[name]) }
    }
    case 'enum':
      return { path: at(), rule: `must be one of ${(params.allowedValues as unknown[]).join(', ')}`, got }
    case 'const':
      return { path: at(), rule: `must be ${JSON.stringify(params.allowedValue)}`, got }
    case 'type':
      return { path: at(), rule: `must be ${[params.type].flat().join(' or ')}`, got }
    default:
      return { path: at(), rule: error.message ?? error.keyword, got }
  }
}

/** "/spec/layers/0/units" under the root "" becomes "spec.layers[0].units". */
function toPath (root: string, pointer: string, extra?: string): string {
  const names = pointer.split('/').slice(1).map(name => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (extra !== undefined) names.push(extra)
  const joined = names.reduce((path, name) => /^\d+$/.test(name) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`, root)
  return joined === '' ? 'body' : joined
}

function unknownField (name: string, error: ErrorObject): string {
  const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {})
  const close = findClose(name, known)
  if (close !== undefined) return `is not a known field; did you mean ${close}?`
  return known.length > 0 ? `is not a known field; known are ${known.join(', ')}` : 'is not a known field'
}
