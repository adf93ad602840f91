/** Turns the queries of a request into inputs and targets, and says exactly which one is wrong and why. */
import { sizeOf } from '../math/arrays.js'
import type { Fields } from '../datasets/description.js'
import { outputsOf, trainedOn, type ModelBundle, type Outputs } from './bundle.js'
import { refuse } from './refusals.js'
import type { InfluenceResponse, ModelQuery } from './schemas.js'

type Answered = InfluenceResponse['results'][number]

/** Queries as examples that a network can read. */
export interface OpenQueries {
  /** inputs in the data set's stored units */
  data: { inputs: Float32Array, count: number }
  /** numbers of each one's target; undefined where it is not known */
  targets: (ArrayLike<number> | undefined)[]
  targetsFrom: Answered['labelFrom'][]
  echoes: Answered['query'][]
}

/**
 * Looks up and checks the queries of a request.
 * @throws invalid_input naming the path, the rule and what was got; no_dataset
 */
export function openQueries (queries: readonly ModelQuery[], bundle: ModelBundle): OpenQueries {
  const outputs = outputsOf(bundle)
  const width = sizeOf(outputs.inputShape)
  const inputs = new Float32Array(queries.length * width)
  const opened = queries.map((query, i) => {
    const path = `queries[${i}]`
    const { values, target, echo } = query.input === undefined ? fromSplit(query, bundle, outputs, path) : fromInput(query, outputs, path)
    inputs.set(values, i * width)
    const asked = askedTarget(query, bundle.fields, outputs, path)
    return { target: asked ?? target, from: asked ? 'request' as const : target ? 'dataset' as const : 'prediction' as const, echo }
  })
  return {
    data: { inputs, count: queries.length },
    targets: opened.map(({ target }) => target),
    targetsFrom: opened.map(({ from }) => from),
    echoes: opened.map(({ echo }) => echo)
  }
}

interface Opened { values: ArrayLike<number>, target: ArrayLike<number> | undefined, echo: OpenQueries['echoes'][number] }

function fromSplit ({ split, index }: ModelQuery, bundle: ModelBundle, { inputShape, kind, shape }: Outputs, path: string): Opened {
  if (split === undefined || index === undefined) refuse(path, 'must have split and index, or input', { split, index })
  const { count, arrays: { inputs, target } } = trainedOn(bundle).dataset[split]
  if (index >= count) refuse(`${path}.index`, `must be < ${count}, the examples of split ${split}`, index)
  const rowOf = (values: ArrayLike<number> & { subarray (from: number, to: number): ArrayLike<number> }, width: number) =>
    values.subarray(index * width, (index + 1) * width)
  return { values: rowOf(inputs!, sizeOf(inputShape)), target: target && rowOf(target, kind.targetSize(shape)), echo: { split, index } }
}

function fromInput ({ input, split, index }: ModelQuery, { inputShape }: Outputs, path: string): Opened {
  if (split !== undefined || index !== undefined) refuse(path, 'must have either input, or split and index', 'both')
  return { values: flatten(input!, `${path}.input`, inputShape, 'inputs'), target: undefined, echo: { input: 'raw' } }
}

/** The target that a query names: a class as label, anything else as target. */
function askedTarget (
  { label, target }: ModelQuery, { target: field }: Fields, { head, kind, shape }: Outputs, path: string
): ArrayLike<number> | undefined {
  if (head.type === 'classes') {
    if (target !== undefined) refuse(`${path}.target`, 'must be label for a model of head classes', target)
    const classes = field?.type === 'classes' ? field.names.length : shape[0]!
    if (label !== undefined && label >= classes) refuse(`${path}.label`, `must be < ${classes}, the number of classes`, label)
    return label === undefined ? undefined : [label]
  }
  if (label !== undefined) refuse(`${path}.label`, `must be target for a model of head ${head.type}`, label)
  if (target === undefined) return undefined
  const targetShape = head.type === 'class-map' ? shape.slice(0, 2) : [kind.targetSize(shape)]
  const values = flatten(Array.isArray(target) ? target : [target], `${path}.target`, targetShape, 'targets')
  values.forEach((value, i) => {
    const rule = kind.ruleOfTarget?.(value, shape)
    if (rule !== undefined) refuse(`${path}.target`, `must be ${rule} at position ${i}`, value)
  })
  return values
}

/** Reads numbers that are flat, or nested as the shape is; one channel may be left out. */
function flatten (input: unknown[], path: string, shape: readonly number[], what: string): Float64Array {
  const isFlat = typeof input[0] === 'number'
  const nested = shape.at(-1) === 1 && shape.length > 1 && depthOf(input) === shape.length - 1 ? shape.slice(0, -1) : shape
  const values: number[] = []
  collect(input, path, isFlat ? [sizeOf(shape)] : nested, values, `${what} have shape [${shape}]`)
  return Float64Array.from(values)
}

function collect (value: unknown, path: string, shape: readonly number[], into: number[], why: string): void {
  if (shape.length === 0) {
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) refuse(path, 'must be a number that is finite in float32', value)
    into.push(value)
    return
  }
  if (!Array.isArray(value) || value.length !== shape[0]) {
    const got = Array.isArray(value) ? `an array of ${value.length}` : value
    refuse(path, `must be an array of ${shape[0]}, for ${why}`, got)
  }
  value.forEach((member, i) => collect(member, `${path}[${i}]`, shape.slice(1), into, why))
}

function depthOf (value: unknown): number {
  return Array.isArray(value) ? 1 + depthOf(value[0]) : 0
}
