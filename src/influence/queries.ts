/** Turns the queries of a request into inputs and targets, and says exactly which one is wrong and why. Raw inputs: raw-inputs.ts. */
import { sizeOf } from '../math/arrays.js'
import type { Fields } from '../datasets/description.js'
import { outputsOf, trainedOn, type ModelBundle, type Outputs } from './bundle.js'
import { readArray, readNumbers, readObject, readText } from './raw-inputs.js'
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
    const { values, target, echo } = query.input === undefined ? fromSplit(query, bundle, outputs, path) : fromInput(query, bundle, outputs, path)
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

function fromInput ({ input, split, index }: ModelQuery, bundle: ModelBundle, outputs: Outputs, path: string): Opened {
  if (split !== undefined || index !== undefined) refuse(path, 'must have either input, or split and index', 'both')
  return { values: readInput(input!, bundle, outputs, `${path}.input`), target: undefined, echo: { input: 'raw' } }
}

function readInput (
  input: NonNullable<ModelQuery['input']>, bundle: ModelBundle, { inputShape }: Outputs, path: string
): ArrayLike<number> {
  if (Array.isArray(input)) return readNumbers(input, path, inputShape, bundle.fields.inputs)
  return typeof input === 'string' ? readText(input, bundle, path) : readObject(input, bundle.fields.inputs, path)
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
  const values = readArray(Array.isArray(target) ? target : [target], `${path}.target`, targetShape, 'targets')
  values.forEach((value, i) => {
    const rule = kind.ruleOfTarget?.(value, shape)
    if (rule !== undefined) refuse(`${path}.target`, `must be ${rule} at position ${i}`, value)
  })
  return values
}
