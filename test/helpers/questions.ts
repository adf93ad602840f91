/** Questions to models over the API, whose answers may come later. */
import type { LightMyRequestResponse } from 'fastify'
import type { TestApp } from './app.js'
import { until } from './trials.js'

/**
 * Asks a model, and waits for an answer that does not come at once.
 * @returns the answer, or the query that has it
 */
export async function askUntilAnswered (
  { call }: TestApp, path: string, body: object, accept = 'application/json'
): Promise<LightMyRequestResponse> {
  const headers = { accept }
  const answer = await call('POST', path, { body, headers })
  if (answer.statusCode !== 202) return answer
  const place = String(answer.headers.location)
  await until(async () => (await call('GET', place)).json().finishedAt !== null)
  return await call('GET', place, { headers })
}
