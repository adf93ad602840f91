/**
 * What can be asked of a stored model is an operation: what its question and its answer look like, and the code that
 * answers, which only a lane's thread loads. Descriptions are light, so that routes can be made of them.
 * The ones that every network has: operations.ts.
 */
import type { Static, TSchema } from '../schema/type.js'
import type { ErrorCode, Violation } from '../errors.js'
import type { Architecture } from '../tensor/architecture.js'
import type { Engine } from '../tensor/engine.js'
import type { OpenModel } from './open-model.js'
import type { Layers } from './schemas.js'

/** What an answer can be given as. The first of an operation is JSON. */
export type AnswerType = 'application/json' | 'image/png'

export interface Operation<Request extends TSchema = TSchema, Response extends TSchema = TSchema> {
  /** one line, as the documentation lists it */
  title: string
  description: string
  request: Request
  /** of an answer as JSON */
  response: Response
  mediaTypes: readonly AnswerType[]
  /** what it may refuse, beyond what every question to a model can meet */
  codes: readonly ErrorCode[]
  /** of a question as JSON; 1 MiB when left out */
  maxBytes?: number
  /** Answered where index builds are, so that no quick question waits for it. */
  isLong?: boolean
  /** Read page by page by a route of its own instead of POST. */
  isPaged?: boolean
  /** Layers of the influence index that must be there, and that the model must have gradients of (coverage.ts). */
  indexOf? (request: Static<Request>): Layers
  /** @throws AppError invalid_input for a model that cannot be asked it; what any network can be asked has none */
  checkModel? (architecture: Architecture): void
  /** Says what a valid-by-schema request still gets wrong. Pure. */
  check? (request: Static<Request>): Violation[]
  /** Loads the code that answers. Only a query thread calls it. */
  load (): Promise<Answerer<Static<Request>, Static<Response>>>
}

export interface Answerer<Request, Response> {
  /**
   * Answers a request that fits the schema.
   * @returns a file's bytes when a media type other than JSON was asked for
   * @throws AppError with one of the operation's codes
   */
  run (engine: Engine, model: OpenModel, request: Request, mediaType: AnswerType): Response | Uint8Array
}

/** Keeps the types of request and response together while an operation is written. */
export function defineOperation<Request extends TSchema, Response extends TSchema> (operation: Operation<Request, Response>): Operation {
  return operation
}
