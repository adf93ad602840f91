/** What a generator of data is made of: a folder beside this file and its name in index.ts. */
import { Type, type Static, type TObject } from '../../schema/type.js'
import type { Split } from '../dataset.js'
import type { Description } from '../description.js'
import { openStream } from '../../math/random.js'

export interface Generator<Spec extends TObject = TObject> {
  /** TypeBox schema of what it is asked, with the literal `type` that is its name; equal specs make equal data */
  spec: Spec
  /** Says what it will make without making it. */
  describe (spec: Static<Spec>): Description
  /** Makes the examples. A pure function: equal specs give equal bytes. */
  generate (spec: Static<Spec>): { train: Split, test: Split }
}

/** Keeps the types of a generator. */
export function defineGenerator<Spec extends TObject> (generator: Generator<Spec>): Generator<Spec> {
  return generator
}

const count = (description: string, otherwise: number) =>
  Type.Integer({ description, minimum: 1, maximum: 100_000, default: otherwise })

/** Schemas of what every generator is asked. */
export const counts = { train: count('Training examples', 1000), test: count('Test examples', 200) }
export const seed = Type.Integer({
  description: 'Seed of the data, apart from the seeds of the trials; same seed, same bytes', minimum: 0, maximum: 2147483647, default: 1
})

/** Classes without order, whose counts differ by one at most. */
export function balancedLabels (seed: number, split: string, count: number, classes: number): Int32Array {
  return Int32Array.from(openStream(seed, `labels ${split}`).permutation(count), place => place % classes)
}
