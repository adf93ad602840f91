/** Stub. */
import type { GeneratorSpec } from '../../generator-spec.js'
import type { PreparedDataset } from './format.js'

export { BlobsSpec, GeneratorSpec, GlyphsSpec } from '../../generator-spec.js'

/** Makes the data set of a generator: a pure function of the spec. */
export function generateDataset (spec: GeneratorSpec): PreparedDataset {
  throw new Error(`not yet ${spec.type}`)
}
