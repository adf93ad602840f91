/** The places of a spec at which it refers to something: read, and rewritten when an experiment is created. */
import type { Algorithm, DataInput, DataReference } from './contract.js'

/** The data sets that a spec refers to. */
export function dataInputs (algorithm: Algorithm, spec: unknown): DataInput[] {
  return algorithm.inputs(spec).filter(input => input.kind === 'data')
}

/**
 * The reference that a spec has at an input's path.
 * @throws Error when there is none, which is a mistake of the kind
 */
export function referenceAt (spec: unknown, { path }: DataInput): DataReference {
  const reference = stepsOf(path).reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], spec)
  if (typeof reference === 'object' && reference !== null && ('datasetId' in reference || 'generator' in reference)) return reference as DataReference
  throw new Error(`${path} must be {datasetId} or {generator}, got ${JSON.stringify(reference)}`)
}

/** A copy of a spec with another value at a path. */
export function replaceAt<T> (spec: T, path: string, value: unknown): T {
  const steps = stepsOf(path)
  const last = steps.pop()!
  const copy = structuredClone(spec)
  const holder = steps.reduce<unknown>((holder, step) => (holder as Record<string, unknown>)[step], copy)
  Object.assign(holder as object, { [last]: value })
  return copy
}

/** spec.sources[1].data: sources, 1, data. */
function stepsOf (path: string): string[] {
  const [root, ...steps] = path.split(/[.[\]]+/).filter(step => step !== '')
  if (root !== 'spec' || steps.length === 0) throw new Error(`A path must begin with spec. and go on, got ${path}`)
  return steps
}
