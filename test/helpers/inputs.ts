/** What check() and needs() are given, where a spec names nothing, or data sets alone. */
import type { Algorithm, DatasetDescription, InputDescriptions } from '../../src/algorithms/contract.js'

/** Of a spec that names nothing. */
export const noInputs: InputDescriptions = { data: {}, models: {}, artifacts: {} }

/** Of a spec that names these data sets and no model. */
export function describeData (data: Record<string, DatasetDescription>): InputDescriptions {
  return { data, models: {}, artifacts: {} }
}

/** Where a preset takes a data set: where its kind says so, `spec.data` where it says so only of a spec that has one. */
export function dataPathOf ({ inputs }: Pick<Algorithm, 'inputs'>, spec: unknown): string {
  return inputs(spec).find(({ kind }) => kind === 'data')?.path ?? 'spec.data'
}

/** What a request says to put a value at a path of a preset's spec: spec.problem.data is {problem: {data: value}}. */
export function overridesAt (path: string, value: unknown): object {
  return path.split('.').slice(1).reduceRight<unknown>((inner, step) => ({ [step]: inner }), value) as object
}
