/**
 * What text may come in, whatever the route: bodies as they are, not compressed; UTF-8 in bodies and query strings; no
 * text that the database or a figure cannot hold. What a route makes of it is its schema's: validation.ts.
 */
import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../errors.js'
import { findUnstorable, violationError } from './validation.js'

/** Refuses all other text, on every route that is registered after it. */
export function readPlainText (app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (!isUtf8(body)) return done(new AppError('invalid_request', 'body must be UTF-8'))
    const text = body.toString()
    void parse(request, text, (error, value) => { done(error && isJson(text) ? keyError() : error, value) })
  })
  app.addHook('preParsing', async (request, reply) => {
    const encoding = request.headers['content-encoding']?.trim()
    if (encoding === undefined || encoding === '' || encoding.toLowerCase() === 'identity') return
    reply.header('accept-encoding', 'identity')
    throw new AppError('unsupported_media_type', `Content-Encoding must be identity, got ${JSON.stringify(encoding)}`)
  })
  app.addHook('preValidation', async request => {
    checkQuery(request)
    const violation = findUnstorable(request.body) ?? findUnstorable(request.query, 'query')
    if (violation !== undefined) throw violationError('invalid_request', [violation])
    const inPath = findUnstorable(request.params, 'params')
    if (inPath !== undefined) throw violationError('not_found', [inPath])
  })
}

/** JSON that is refused all the same has a key that a program could take for an object's own prototype. */
function keyError (): AppError {
  return new AppError('invalid_request', 'body must not have a key __proto__, nor a key constructor whose value has a key prototype')
}

function isJson (text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The parser leaves what it cannot decode as it stands: %FF would be three letters. */
function checkQuery (request: FastifyRequest): void {
  const query = request.url.split('?').slice(1).join('?')
  try {
    decodeURIComponent(query)
  } catch {
    throw violationError('invalid_request', [{ path: 'query', rule: 'must be percent-encoded UTF-8', got: query.slice(0, 200) }])
  }
}
