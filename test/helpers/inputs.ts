/** What check() and needs() are given, where a spec names nothing, or data sets alone. */
import type { DatasetDescription, InputDescriptions } from '../../src/algorithms/contract.js'

/** Of a spec that names nothing. */
export const noInputs: InputDescriptions = { data: {}, models: {} }

/** Of a spec that names these data sets and no model. */
export function describeData (data: Record<string, DatasetDescription>): InputDescriptions {
  return { data, models: {} }
}
