/**
 * A typed client of the API: every route through openapi-fetch with the types of openapi/types.ts, and the events of an
 * experiment as an async iterator that survives lost connections. Runs wherever Node 20 runs; imports nothing of the
 * service.
 */
import createFetchClient, { type Client as FetchClient } from 'openapi-fetch'
import type { components, paths } from '../../openapi/types.js'
import { followEvents, type FollowOptions, type PageQuery } from './follow-events.js'
import { toProblemError } from './problem-error.js'

export type Schemas = components['schemas']
export type EventFrame = Schemas['EventFrame']
export { ProblemError, type Problem } from './problem-error.js'

export interface ClientOptions {
  /** where the service is: http://127.0.0.1:3000 */
  url: string
  /** a team's key, or the operator's */
  key: string
}

export interface Client {
  /** every route: `api.GET('/v1/experiments/{id}', { params: { path: { id } } })` */
  api: FetchClient<paths>
  /**
   * Follows an experiment to its end. Every event comes exactly once and in order, whatever happens to the connection;
   * what the service skipped because the caller was slow is fetched afterwards.
   * @throws ProblemError when the service refuses
   */
  follow (experimentId: string, options?: FollowOptions): AsyncGenerator<EventFrame, void>
}

/** Makes a client. */
export function createClient ({ url, key }: ClientOptions): Client {
  const baseUrl = url.replace(/\/+$/, '')
  const headers = { authorization: `Bearer ${key}` }
  const api = createFetchClient<paths>({ baseUrl, headers })

  async function readPage (experimentId: string, query: PageQuery) {
    const page = await must(api.GET('/v1/experiments/{id}/events', { params: { path: { id: experimentId }, query } }))
    if (typeof page === 'string') throw new Error('A page was asked for, and a stream came')
    return page
  }

  return { api, follow: (experimentId, options = {}) => followEvents({ baseUrl, headers, readPage }, experimentId, options) }
}

/**
 * Takes the answer of a call, or throws what the service said against it.
 * @throws ProblemError
 */
export async function must<Data> (call: Promise<{ data?: Data, error?: unknown, response: Response }>): Promise<NonNullable<Data>> {
  const { data, error, response } = await call
  if (data !== undefined && data !== null) return data
  throw toProblemError(error, response.status)
}
