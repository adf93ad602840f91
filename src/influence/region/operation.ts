/** Influence on a region of a picture, of models that read a class for each pixel. Next hop: answer.ts, in a lane's thread. */
import type { Violation } from '../../errors.js'
import { defineOperation } from '../operation.js'
import { checkPixelwise } from './pixelwise.js'
import { RegionInfluenceRequest, RegionInfluenceResponse } from './schema.js'

/** Pictures whose parts one question may ask for, proponents and opponents of all queries together. */
const MAX_PARTED = 200

export const regionInfluence = defineOperation({
  title: 'Ask which training pictures made the model read a region of a picture as it does',
  description: 'By the gradient of the last layer, summed over the region’s pixels: proponents made the region’s mean loss smaller when they were trained on, opponents larger, each by what was learned of it (scribbles, masks, or a labelling that the training made). Only of models of head class-map that end with a convolution without activation, which may be followed by a change of size. Needs an influence index of layers last: 409 index_missing says how to build it.',
  request: RegionInfluenceRequest,
  response: RegionInfluenceResponse,
  mediaTypes: ['application/json'],
  codes: ['index_missing', 'invalid_input', 'no_dataset', 'non_finite_output'],
  indexOf: () => 'last',
  checkModel: checkPixelwise,
  check,
  load: async () => ({ run: (await import('./answer.js')).answerRegionInfluence })
})

function check ({ queries, topK = 10, regions }: RegionInfluenceRequest): Violation[] {
  const parted = 2 * topK * queries.length
  return regions === 'none' || parted <= MAX_PARTED
    ? []
    : [{ path: 'topK', rule: `must be so small that 2 · topK · queries is at most ${MAX_PARTED} where regions are ${regions}`, got: topK }]
}
