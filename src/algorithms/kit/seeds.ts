/** The seeds of an experiment, one trial for each and whatever else is varied. */
import { Type } from '../../schema/type.js'

/**
 * The field of a spec.
 * @param what     what a trial is one of, and what its seed decides
 * @param defaults seeds where none are given
 */
export function seedsField (what: string, defaults: number[] = [0]) {
  return Type.Array(Type.Integer({ minimum: 0, maximum: 2147483647 }), {
    minItems: 1, maxItems: 100, uniqueItems: true, default: defaults, description: what
  })
}
