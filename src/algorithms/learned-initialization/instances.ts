/** Instances of a trial: drawn in order from one stream, so that fewer are the first of more, and in parts, for some are large. */
import type { Family, Instances } from './families/family.js'
import type { Random } from './initialisers/initialiser.js'

/** What the streams of instances are for: those that are tested are never learned from. */
export type InstancePurpose = 'test instances' | 'offline instances'

/** Numbers that are drawn between two yields: some tens of milliseconds. */
const PART = 300_000

/** Draws instances. */
export function * sampleInParts (
  { instanceSize, sample }: Family, count: number, random: Random, purpose: InstancePurpose
): Generator<void, Instances> {
  const stream = random(purpose)
  const data = new Float64Array(count * instanceSize)
  const part = Math.max(1, Math.floor(PART / instanceSize))
  for (let from = 0; from < count; from += part) {
    data.set(sample(Math.min(part, count - from), stream).data, from * instanceSize)
    yield
  }
  return { count, data }
}

/** Instances from .. to - 1 of some, in the same memory. */
export function takeInstances ({ count, data }: Instances, from: number, to: number): Instances {
  const width = data.length / count
  return { count: to - from, data: data.subarray(from * width, to * width) }
}
