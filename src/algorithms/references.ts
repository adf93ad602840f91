/** The places of a spec at which it refers to something: read, and rewritten when an experiment is created. */
import type { Algorithm, ArtifactInput, ArtifactReference, DataInput, DataReference, Input, ModelInput, ModelReference } from './contract.js'

/** The data sets that a spec refers to. */
export function dataInputs (algorithm: Algorithm, spec: unknown): DataInput[] {
  return algorithm.inputs(spec).filter(input => input.kind === 'data')
}

/** The models that a spec refers to. */
export function modelInputs (algorithm: Algorithm, spec: unknown): ModelInput[] {
  return algorithm.inputs(spec).filter(input => input.kind === 'model')
}

/** The artifacts that a spec refers to. */
export function artifactInputs (algorithm: Algorithm, spec: unknown): ArtifactInput[] {
  return algorithm.inputs(spec).filter(input => input.kind === 'artifact')
}

/** What a reference of each kind must have one of. */
const members = { data: ['datasetId', 'generator', 'catalog'], model: ['modelId'], artifact: ['artifactId'] }

type Reference = DataReference | ModelReference | ArtifactReference

/**
 * The reference that a spec has at an input's path.
 * @throws Error when there is none, which is a mistake of the kind
 */
export function referenceAt (spec: unknown, input: DataInput): DataReference
export function referenceAt (spec: unknown, input: ModelInput): ModelReference
export function referenceAt (spec: unknown, input: ArtifactInput): ArtifactReference
export function referenceAt (spec: unknown, { path, kind }: Input): Reference {
  const reference = stepsOf(path).reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], spec)
  const names = members[kind]
  if (typeof reference === 'object' && reference !== null && names.some(name => name in reference)) return reference as Reference
  throw new Error(`${path} must be ${names.map(name => `{${name}}`).join(' or ')}, got ${JSON.stringify(reference)}`)
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
