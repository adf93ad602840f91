/** What a request that fits its schema still gets wrong. Pure. */
import type { Violation } from '../../../errors.js'
import type { InitializeRequest, SolveRequest } from './schema.js'

export function checkInitialize ({ instances, count }: InitializeRequest): Violation[] {
  if (instances === undefined && count === undefined) return [{ path: 'instances', rule: 'must be given, or count instead of them', got: null }]
  if (instances !== undefined && count !== undefined) return [{ path: 'count', rule: 'must not stand beside instances', got: count }]
  return []
}

export function checkSolve (request: SolveRequest): Violation[] {
  const { steps, solver } = request
  const twice = steps !== undefined && solver !== undefined
  return [...checkInitialize(request), ...(twice ? [{ path: 'steps', rule: 'must not stand beside solver, which has its own', got: steps }] : [])]
}
