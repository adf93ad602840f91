/** Which artifact of an earlier trial a kind's trials read. */
import { Type } from '../../schema/type.js'
import type { ArtifactReference as Reference } from '../contract.js'

/** Schema of a spec's field that names an artifact. */
export const ArtifactReference = Type.Unsafe<Reference>(Type.Object({
  artifactId: Type.String({ format: 'uuid', description: 'An artifact of one of the team’s trials' })
}, { additionalProperties: false, description: 'An artifact to read: {artifactId}' }))
