/** /health/live says that the process answers, /health/ready that requests can be served: the database answers too. */
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AppError } from '../errors.js'
import { projectVersion } from '../paths.js'
import { checkAnswers } from '../storage/database.js'
import type { RouteContext } from './parts.js'
import { openProblems } from './schemas/common.js'
import { Health } from './schemas/service.js'

const tags = ['Service']
/** A database that takes longer than this is not ready. */
const PATIENCE_MS = 2000

/** Makes the routes of health. */
export function healthRoutes ({ parts }: RouteContext): FastifyPluginAsyncTypebox {
  return async app => {
    app.get('/health/live', {
      logLevel: 'warn',
      schema: { operationId: 'getLiveness', tags, summary: 'Says that the process answers', security: [], response: { 200: Health, ...openProblems() } }
    }, async () => ({ status: 'ok' as const, version: projectVersion }))

    app.get('/health/ready', {
      logLevel: 'warn',
      schema: { operationId: 'getReadiness', tags, summary: 'Says that requests can be served', security: [], response: { 200: Health, ...openProblems('unavailable') } }
    }, async () => {
      await checkDatabase()
      return { status: 'ok' as const, version: projectVersion }
    })
  }

  async function checkDatabase (): Promise<void> {
    const patience = new AbortController()
    const late = delay(PATIENCE_MS, undefined, { signal: patience.signal }).then(() => { throw new Error('it took too long') })
    try {
      await Promise.race([checkAnswers(parts.db), late])
    } catch (error) {
      throw new AppError('unavailable', 'the database does not answer', {}, { cause: error })
    } finally {
      patience.abort()
      late.catch(() => {}) // the abort
    }
  }
}
