/** What a spec with sweeps still gets wrong that fits its schema. Pure. */
import type { DatasetDescription } from '../../../datasets/dataset.js'
import type { FieldOf } from '../../../datasets/description.js'
import type { Violation } from '../../../errors.js'
import { sweepClaimNames } from '../claim-names.js'
import type { SegmentationSpec } from '../spec.js'
import { isSweep, MOST_PIXELS, shapeOf } from './work.js'

/** Methods that do not go together. */
export function checkMixture ({ methods }: SegmentationSpec): Violation[] {
  if (methods.every(({ type }) => type === 'sweep')) return []
  return methods.flatMap(({ type }, i) => type === 'sweep'
    ? [{ path: `spec.methods[${i}].type`, rule: 'must train, as other methods do: sweeps train nothing, and stand beside sweeps alone', got: type }]
    : [])
}

/** Claims of the other kind of study. */
export function checkClaims (spec: SegmentationSpec): Violation[] {
  return spec.claims.flatMap((name, i) => (sweepClaimNames as readonly string[]).includes(name) === isSweep(spec)
    ? []
    : [{ path: `spec.claims[${i}]`, rule: isSweep(spec) ? 'must be of sweeps, as the methods are' : 'must be of methods that train, as these do', got: name }])
}

/** Pictures that cannot be swept. */
export function checkSwept ({ methods }: SegmentationSpec, data: DatasetDescription): Violation[] {
  const [height, width] = shapeOf(data) as [number, number]
  const { names } = data.fields.target as FieldOf<'classMap'>
  const isDense = methods.some(method => method.type === 'sweep' && method.pairs.type === 'dense')
  const scales = methods.map(method => method.type === 'sweep' && method.pairs.type === 'dense' ? method.pairs.scale : 1)
  return [
    ...scales.flatMap((scale, i) => scale === 1 ? [] : [{ path: `spec.methods[${i}].pairs.scale`, rule: 'must be 1 for sweeps, which sum over pairs of pixels', got: scale }]),
    ...(width >= 2 ? [] : [{ path: 'spec.data', rule: 'must have pictures of at least 2 columns', got: width }]),
    ...(names.length <= 2 ? [] : [{ path: 'spec.data', rule: 'must have 2 classes for sweeps', got: names.length }]),
    ...(!isDense || height * width <= MOST_PIXELS
      ? []
      : [{ path: 'spec.data', rule: `must have pictures of at most ${MOST_PIXELS} pixels for sweeps of a dense CRF, all of whose pairs are summed`, got: height * width }])
  ]
}
