/** Shapes that every resource uses, and how a route's answers are declared. */
import { Type, type Static, type TSchema } from '../../schema/type.js'
import { closed } from '../../choices.js'
import { errorCodes, type ErrorCode } from '../../errors.js'
import { Problem } from '../problem.js'

export { closed }

/** Largest number that a column of the type integer holds. */
export const MAX_INTEGER = 2_147_483_647

export const Id = Type.String({ format: 'uuid', description: 'UUIDv7: ids sort by the time of creation' })
export const Timestamp = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' })
/** Bytes, as OpenAPI says it. */
export const Binary = Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' })

/** Makes the schema of an answer without a body. */
export function nothing (description: string) {
  return Type.Null({ description })
}
export const Json = Type.Record(Type.String(), Type.Unknown())

/** A number, or the text of one that JSON has no number for. */
export const WireNumber = Type.Union([Type.Number(), Type.Enum(['NaN', 'Infinity', '-Infinity'])], {
  description: 'NaN and the infinities travel as text'
})
export type WireNumber = Static<typeof WireNumber>

/** Makes the schema of a value that may be null. */
export function nullable<const S extends TSchema> (schema: S) {
  return Type.Union([schema, Type.Null()])
}

/** Path parameters of a route about one thing. */
export const IdParams = Type.Object({ id: Id }, closed)

/** Query parameters of every list. */
export const pageFields = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'Most items of the page' })),
  cursor: Type.Optional(Type.String({ maxLength: 200, description: 'nextCursor of the page before' }))
}
export const PageQuery = Type.Object(pageFields, closed)

/** Makes the schema of a page of a list. */
export function pageOf<const S extends TSchema> (item: S) {
  return Type.Object({
    items: Type.Array(item),
    nextCursor: nullable(Type.String({ description: 'cursor of the next page' }))
  }, closed)
}

/** Makes the schema of a list that is always given whole. */
export function listOf<const S extends TSchema> (item: S) {
  return Type.Object({ items: Type.Array(item) }, closed)
}

/** Why something failed, as it is stored with what failed. */
export const StoredFailure = Type.Object({
  code: Type.Enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  message: Type.String(),
  step: Type.Optional(Type.Integer({ description: 'step of the trial at which it happened' }))
}, closed)

/** How a trial ended that succeeded. */
export const TrialOutcome = nullable(Type.Object({
  name: Type.String(),
  advice: nullable(Type.String({ description: 'What one can do about it; null when the kind declares this outcome no more' }))
}, { ...closed, description: 'Which of the outcomes that its kind declares it ended with; null for kinds that declare none, and before it has succeeded' }))

export const IfMatch = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'ETag that was read; another one now means 412' }))
})
export const IdempotencyHeader = Type.Object({
  'idempotency-key': Type.Optional(Type.String({
    minLength: 1, maxLength: 200, pattern: '^[ -~]+$', description: 'The same key and body get the same answer, another body 409'
  }))
})

/** What every route with a key may answer. */
const always: ErrorCode[] = ['invalid_request', 'unauthorized', 'forbidden', 'internal', 'unavailable']

/** Declares the problems that a route may answer, next to its successes. */
export function problems (...codes: ErrorCode[]) {
  return declare([...new Set([...always, ...codes])])
}

/** The same for a route that needs no key. */
export function openProblems (...codes: ErrorCode[]) {
  return declare([...new Set<ErrorCode>(['invalid_request', 'internal', ...codes])])
}

/** What a route may answer whose method can bring a body, whether it reads one or not. */
export const bodyProblems = declare(['too_large', 'unsupported_media_type'])

function declare (codes: ErrorCode[]) {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of codes) byStatus.set(errorCodes[code].status, [...byStatus.get(errorCodes[code].status) ?? [], code])
  return Object.fromEntries([...byStatus].sort(([a], [b]) => a - b).map(([status, members]) => [status, {
    description: members.map(code => `\`${code}\`: ${errorCodes[code].title}`).join('; '),
    content: { 'application/problem+json': { schema: Problem } }
  }]))
}
