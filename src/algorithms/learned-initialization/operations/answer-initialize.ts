/** Answers where a solver should start. */
import type { OpenModel } from '../../../influence/open-model.js'
import type { Engine } from '../../../tensor/engine.js'
import { headOf, openAsked, rowOf, startAll } from './open.js'
import type { InitializeRequest, InitializeResponse } from './schema.js'

/** Of the network: about a second. */
const MOST_FLOPS = 2e10

/** Answers an initialize request. @throws invalid_input, no_checkpoint */
export function answerInitialize (engine: Engine, model: OpenModel, request: InitializeRequest): InitializeResponse {
  const asked = openAsked(model, request, {
    numbersOf: ({ family, details: { initialiser } }) => 2 * family.size + (initialiser.type === 'val-init' ? initialiser.candidates : 0),
    flops: MOST_FLOPS
  })
  const { family, instances: { count } } = asked
  const { states, predicted } = startAll(engine, model, asked)
  const decisions = family.decisionOf(states)
  const starts = Array.from({ length: count }, (_, i) => ({
    state: rowOf(states, i, family.size),
    decision: rowOf(decisions, i, family.size),
    ...(predicted && { predicted: rowOf(predicted, i, predicted.length / count) })
  }))
  return { ...headOf(asked), starts }
}
