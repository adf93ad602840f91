/** Solving instances from the starts of a trained initialiser. Next hop: answer-solve.ts, in a lane's thread. */
import { defineOperation } from '../../../influence/operation.js'
import { checkSolve } from './check.js'
import { SolveRequest, SolveResponse } from './schema.js'

export const solve = defineOperation({
  title: 'Solve instances from where a trained initialiser starts',
  description: 'Runs the solver whose solutions were learned, or another one, on all instances at once. Each of them ends with a reason and the best decision that was seen on the way. Usually 202.',
  request: SolveRequest,
  response: SolveResponse,
  mediaTypes: ['application/json'],
  codes: ['invalid_input', 'no_checkpoint'],
  isLong: true,
  check: checkSolve,
  load: async () => ({ run: (await import('./answer-solve.js')).answerSolve })
})
