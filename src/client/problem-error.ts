/** What the client throws when the service refuses. */
import type { components } from '../../openapi/types.js'

export type Problem = components['schemas']['Problem']

/** What the service refused, and why: `problem.code` is stable. */
export class ProblemError extends Error {
  constructor (readonly problem: Problem) {
    super(`${problem.title}: ${problem.detail}`)
    this.name = 'ProblemError'
  }
}

/** Makes the error of an answer; one that is no problem comes from something between the client and the service. */
export function toProblemError (body: unknown, status: number): ProblemError {
  if (typeof body === 'object' && body !== null && 'code' in body && 'detail' in body) return new ProblemError(body as Problem)
  return new ProblemError({ type: 'about:blank', title: 'Refused', status, code: 'internal', detail: `the answer has status ${status}`, advice: '', requestId: '' })
}
