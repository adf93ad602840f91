/** The generators of data that there are. A new one is its folder and its name here. */
import type { Static } from '../../schema/type.js'
import { taggedUnion } from '../../choices.js'
import type { Split } from '../dataset.js'
import type { Description } from '../description.js'
import { blobs } from './blobs/index.js'
import { edges } from './edges/index.js'
import type { Generator } from './generator.js'
import { glyphs } from './glyphs/index.js'
import { nonlinear } from './nonlinear/index.js'
import { scenes } from './scenes/index.js'

/** Every generator by its name. */
export const generators = { glyphs, blobs, nonlinear, scenes, edges }

/** What a generator is asked to make. */
export const GeneratorSpec = taggedUnion([glyphs.spec, blobs.spec, nonlinear.spec, scenes.spec, edges.spec], { description: 'Data made on the spot from a seed' })
export type GeneratorSpec = Static<typeof GeneratorSpec>

/** Says what a generator will make without making it. */
export function describeGenerator (spec: GeneratorSpec): Description {
  return generatorOf(spec).describe(spec)
}

/** Makes a generator's data set: equal specs give equal bytes. */
export function generateDataset (spec: GeneratorSpec): { description: Description, train: Split, test: Split } {
  return { description: describeGenerator(spec), ...generatorOf(spec).generate(spec) }
}

function generatorOf (spec: GeneratorSpec): Generator {
  return generators[spec.type] as unknown as Generator
}
