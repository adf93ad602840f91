/** Asking a trained initialiser for starts. Next hop: answer-initialize.ts, in a lane's thread. */
import { defineOperation } from '../../../influence/operation.js'
import { checkInitialize } from './check.js'
import { InitializeRequest, InitializeResponse } from './schema.js'

export const initialize = defineOperation({
  title: 'Ask a trained initialiser where to start',
  description: 'Gives the starts of new instances: those of the caller, or drawn ones. The same seed and instances give the same starts.',
  request: InitializeRequest,
  response: InitializeResponse,
  mediaTypes: ['application/json'],
  codes: ['invalid_input', 'no_checkpoint'],
  check: checkInitialize,
  load: async () => ({ run: (await import('./answer-initialize.js')).answerInitialize })
})
