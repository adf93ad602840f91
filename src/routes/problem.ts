/**
 * Turns every error into application/problem+json (RFC 9457). What the caller may know is in src/errors.ts; anything
 * else becomes `internal` with its message hidden, and is logged with its cause.
 */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static } from '../schema/type.js'
import { commonHeaders } from './headers.js'
import { lacksMethod, lacksRoute, type FindMethods } from './methods.js'
import { AppError, errorCodes, type ErrorCode } from '../errors.js'
import { isConnectionError } from '../storage/database.js'

/** JSON bodies are specs and questions: a megabyte is a thousand times the usual. Uploads have their own bound, and so have pictures. */
export const MAX_JSON_BYTES = 2 ** 20

/** The body of every answer that is not a success. */
export const Problem = Type.Object({
  type: Type.String({ description: 'urn:descent-lab:problem: and the code' }),
  title: Type.String({ description: 'what the code means' }),
  status: Type.Integer({ description: 'the HTTP status' }),
  code: Type.Enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]], { description: 'stable; match on this' }),
  detail: Type.String({ description: 'what, where, rule, got' }),
  advice: Type.String({ description: 'what the caller can do about it' }),
  requestId: Type.String({ description: 'to quote when asking the operator' }),
  errors: Type.Optional(Type.Array(Type.Object({
    path: Type.String(), rule: Type.String(), got: Type.Unknown()
  }, { additionalProperties: false }), { description: 'the broken rules, one by one' })),
  users: Type.Optional(Type.Array(Type.Object({
    type: Type.String(), id: Type.String(), name: Type.String()
  }, { additionalProperties: false }), { description: 'what still refers to the thing' })),
  remedy: Type.Optional(Type.Object({
    method: Type.String(), path: Type.String(), body: Type.Optional(Type.Unknown())
  }, { additionalProperties: false, description: 'the request that would put it right' }))
}, {
  additionalProperties: false,
  description: 'RFC 9457 problem details',
  examples: [{
    type: 'urn:descent-lab:problem:invalid_spec',
    title: errorCodes.invalid_spec.title,
    status: 400,
    code: 'invalid_spec',
    detail: 'spec.learningRate must be > 0, got -0.1',
    advice: errorCodes.invalid_spec.advice,
    requestId: 'req-1',
    errors: [{ path: 'spec.learningRate', rule: 'must be > 0', got: -0.1 }]
  }]
})
export type Problem = Static<typeof Problem>

/** Answers every error, every unknown route and every malformed request with a problem. */
export function answerWithProblems (app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply))
  app.setNotFoundHandler((request, reply) => sendProblem(lacksRoute(request.method, request.url), request, reply))
}

/** Sends an error as a problem; also what Fastify calls for errors before routing (a malformed URL). */
export function sendProblem (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toAppError(error, request.routeOptions.bodyLimit)
  if (known.status >= 500) request.log.error({ err: error }, 'request failed')
  // Headers of the answer that was begun; unread-bodies.ts says why the connection is not closed.
  for (const header of ['etag', 'content-length', 'content-disposition', 'accept-ranges', 'connection']) reply.removeHeader(header)
  reply.headers(commonHeaders(request.id))
  if (known.code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="descent-lab"')
  if (known.code === 'unavailable') reply.header('retry-after', '2')
  return reply.code(known.status).type('application/problem+json').send(toProblem(known, request.id))
}

/** The wire form of an error. */
export function toProblem (error: AppError, requestId: string): Problem {
  const { title, status, advice } = errorCodes[error.code]
  return {
    type: `urn:descent-lab:problem:${error.code}`, title, status, code: error.code, detail: error.detail, advice, requestId, ...error.extra
  }
}

/** Makes what answers requests that Node's parser refuses: a method that it does not know, or no HTTP at all. Then it hangs up. */
export function refuseMalformed (findMethods: FindMethods) {
  return (error: Error & { code?: string, rawPacket?: unknown }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const [, method, url] = /^([A-Z][A-Z-]*) (\/\S*) HTTP\/1\.[01]\r\n/.exec(error.rawPacket instanceof Buffer ? error.rawPacket.toString('latin1') : '') ?? []
    if (error.code === 'HPE_INVALID_METHOD' && method !== undefined && url !== undefined) {
      const methods = findMethods(url)
      if (methods.length > 0) hangUp(socket, lacksMethod(method, url, methods), { allow: methods.join(', ') })
      else hangUp(socket, lacksRoute(method, url))
      return
    }
    const reason = error.code === 'HPE_HEADER_OVERFLOW' ? 'the headers are too large' : 'this is not a valid HTTP request'
    hangUp(socket, new AppError('invalid_request', reason))
  }
}

/** Answers with a problem where there is no reply to send it with, then hangs up. */
export function hangUp (socket: Duplex, error: AppError, headers: Record<string, string> = {}, requestId = 'none'): void {
  const body = JSON.stringify(toProblem(error, requestId))
  const lines = Object.entries({ ...commonHeaders(requestId), ...headers, connection: 'close', 'content-type': 'application/problem+json', 'content-length': Buffer.byteLength(body) })
  socket.end(`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
}

/**
 * Finds the code for an error that another library threw.
 * @param maxBytes that a JSON body of the route may have
 */
export function toAppError (error: unknown, maxBytes = MAX_JSON_BYTES): AppError {
  if (error instanceof AppError) return error
  const { code = '', statusCode = 500, message = '' } = error as Partial<FastifyError>
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new AppError('too_large', `a JSON body must have at most ${maxBytes / 2 ** 20} MiB`)
  if (statusCode === 413) return new AppError('too_large', message)
  if (statusCode === 415) return new AppError('unsupported_media_type', message)
  if (isConnectionError(error) || code === 'P2024') return new AppError('unavailable', 'the database does not answer', {}, { cause: error })
  if (statusCode >= 400 && statusCode < 500) return new AppError('invalid_request', message)
  return new AppError('internal', 'the request could not be completed', {}, { cause: error })
}
