/** Which stored model a kind's trials read. */
import { Type } from '../../schema/type.js'
import type { ModelReference as Reference } from '../contract.js'

/** Schema of a spec's field that names a model: one of its checkpoints, the last one when the step is left out. */
export const ModelReference = Type.Unsafe<Reference>(Type.Object({
  modelId: Type.String({ format: 'uuid', description: 'A trained model of the team' }),
  step: Type.Optional(Type.Integer({ minimum: 0, description: 'Of the checkpoint; the last one that there is when the experiment is created, when left out' }))
}, { additionalProperties: false, description: 'A model to read: {modelId, step?}' }))
