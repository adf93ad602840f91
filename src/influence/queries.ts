/** Turns the queries of a request into inputs and targets, and says exactly which one is wrong and why. Raw inputs: raw-inputs.ts. */
import { sizeOf } from '../math/arrays.js'
import type { Fields } from '../datasets/description.js'
import { outputsOf, trainedOn, type ModelBundle, type Outputs } from './bundle.js'
import { readArray, readNumbers, readObject, readText } from './raw-inputs.js'
import { refuse } from './refusals.js'
import type { InfluenceResponse, ModelQuery } from './schemas.js'
import type { ViewExamples } from './view.js'

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
 * @param view  what the model was trained on; asked for only where a query names a training example
 * @throws invalid_input naming the path, the rule and what was got; no_dataset
 */
export function openQueries (queries: readonly ModelQuery[], bundle: ModelBundle, view: () => ViewExamples): OpenQueries {
  const outputs = outputsOf(bundle)
  const width = sizeOf(outputs.inputShape)
  const inputs = new Float32Array(queries.length * width)
  const opened = queries.map((query, i) => {
    const path = `queries[${i}]`
    const { values, target, from, echo } = query.input === undefined
      ? fromSplit(query, { bundle, outputs, view }, path)
      : fromInput(query, bundle, outputs, path)
    inputs.set(values, i * width)
    const asked = askedTarget(query, bundle.fields, outputs, path)
    return { target: asked ?? target, from: asked ? 'request' as const : from, echo }
  })
  return {
    data: { inputs, count: queries.length },
    targets: opened.map(({ target }) => target),
    targetsFrom: opened.map(({ from }) => from),
    echoes: opened.map(({ echo }) => echo)
  }
}

interface Opened { values: ArrayLike<number>, target: ArrayLike<number> | undefined, from: Answered['labelFrom'], echo: OpenQueries['echoes'][number] }

interface Source { bundle: ModelBundle, outputs: Outputs, view: () => ViewExamples }

/** An example that the model was trained on has the target that it was trained with: its influence on itself is its self-influence. */
function fromSplit ({ split, index }: ModelQuery, { bundle, outputs: { inputShape, kind, shape }, view }: Source, path: string): Opened {
  if (split === undefined || index === undefined) refuse(path, 'must have split and index, or input', { split, index })
  const { count, arrays: { inputs, target } } = trainedOn(bundle).dataset[split]
  if (index >= count) refuse(`${path}.index`, `must be < ${count}, the examples of split ${split}`, index)
  const rowOf = (values: ArrayLike<number> & { subarray (from: number, to: number): ArrayLike<number> }, width: number) =>
    values.subarray(index * width, (index + 1) * width)
  const isTrained = split === 'train' && target !== undefined && view().indices.includes(index)
  const said = isTrained ? view().target : target
  return {
    values: rowOf(inputs!, sizeOf(inputShape)),
    target: said && rowOf(said, kind.targetSize(shape)),
    from: isTrained ? 'training' : said ? 'dataset' : 'prediction',
    echo: { split, index }
  }
}

function fromInput ({ input, split, index }: ModelQuery, bundle: ModelBundle, outputs: Outputs, path: string): Opened {
  if (split !== undefined || index !== undefined) refuse(path, 'must have either input, or split and index', 'both')
  return { values: readInput(input!, bundle, outputs, `${path}.input`), target: undefined, from: 'prediction', echo: { input: 'raw' } }
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
