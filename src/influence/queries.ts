/** Turns the queries of a request into inputs and labels, and says exactly which one is wrong and why. */
import { sizeOf } from '../math/arrays.js'
import type { ClassesDataset } from '../datasets/classes.js'
import type { LabelledSplit } from '../datasets/dataset.js'
import { AppError } from '../errors.js'
import type { InfluenceResponse, ModelQuery } from './schemas.js'

type Echo = InfluenceResponse['results'][number]['query']

/** Queries as examples that a network can read. */
export interface OpenQueries {
  /** inputs in the data set's stored units; labels are -1 where the prediction shall be taken */
  examples: LabelledSplit
  labelsFrom: ('request' | 'dataset' | 'prediction')[]
  echoes: Echo[]
}

/**
 * Looks up and checks the queries of a request.
 * @throws invalid_input naming the path, the rule and what was got
 */
export function openQueries (queries: readonly ModelQuery[], dataset: ClassesDataset): OpenQueries {
  const width = sizeOf(dataset.inputShape)
  const inputs = new Float32Array(queries.length * width)
  const labels = new Int32Array(queries.length)
  const labelsFrom: OpenQueries['labelsFrom'] = []
  const echoes = queries.map((query, i): Echo => {
    const path = `queries[${i}]`
    const open = query.input === undefined ? fromSplit : fromInput
    const { values, label, echo } = open(query, dataset, path)
    if (query.label !== undefined && query.label >= dataset.classes) {
      refuse(`${path}.label`, `must be < ${dataset.classes}, the number of classes`, query.label)
    }
    inputs.set(values, i * width)
    labels[i] = query.label ?? label ?? -1
    labelsFrom.push(query.label !== undefined ? 'request' : label !== undefined ? 'dataset' : 'prediction')
    return echo
  })
  return { examples: { inputs, labels, count: queries.length }, labelsFrom, echoes }
}

interface Opened { values: ArrayLike<number>, label: number | undefined, echo: Echo }

function fromSplit ({ split, index }: ModelQuery, dataset: ClassesDataset, path: string): Opened {
  if (split === undefined || index === undefined) refuse(path, 'must have split and index, or input', { split, index })
  const { inputs, labels, count } = dataset[split]
  if (index >= count) refuse(`${path}.index`, `must be < ${count}, the examples of split ${split}`, index)
  const width = inputs.length / count
  return { values: inputs.subarray(index * width, (index + 1) * width), label: labels[index]!, echo: { split, index } }
}

function fromInput ({ input, split, index }: ModelQuery, { inputShape }: ClassesDataset, path: string): Opened {
  if (split !== undefined || index !== undefined) refuse(path, 'must have either input, or split and index', 'both')
  const values = flatten(input!, `${path}.input`, inputShape)
  return { values, label: undefined, echo: { input: 'raw' } }
}

/** Reads numbers that are flat, or nested as the shape is; one channel may be left out. */
function flatten (input: unknown[], path: string, shape: readonly number[]): Float64Array {
  const isFlat = typeof input[0] === 'number'
  const nested = shape.at(-1) === 1 && shape.length > 1 && depthOf(input) === shape.length - 1 ? shape.slice(0, -1) : shape
  const values: number[] = []
  collect(input, path, isFlat ? [sizeOf(shape)] : nested, values, shape)
  return Float64Array.from(values)
}

function collect (value: unknown, path: string, shape: readonly number[], into: number[], whole: readonly number[]): void {
  if (shape.length === 0) {
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) refuse(path, 'must be a number that is finite in float32', value)
    into.push(value)
    return
  }
  if (!Array.isArray(value) || value.length !== shape[0]) {
    const got = Array.isArray(value) ? `an array of ${value.length}` : value
    refuse(path, `must be an array of ${shape[0]}, for inputs have shape [${whole}]`, got)
  }
  value.forEach((member, i) => collect(member, `${path}[${i}]`, shape.slice(1), into, whole))
}

function depthOf (value: unknown): number {
  return Array.isArray(value) ? 1 + depthOf(value[0]) : 0
}

/** @throws invalid_input "queries[0].index must be < 60000, got 60000" */
export function refuse (path: string, rule: string, got: unknown): never {
  throw new AppError('invalid_input', `${path} ${rule}, got ${JSON.stringify(got)}`, { errors: [{ path, rule, got }] })
}

/**
 * Checks what a model made of a query: large inputs overflow float32 on their way.
 * @throws non_finite_output "queries[0] must have finite probabilities, got NaN"
 */
export function checkFinite (query: number, what: string, values: Float32Array): void {
  const found = values.find(value => !Number.isFinite(value))
  if (found !== undefined) throw new AppError('non_finite_output', `queries[${query}] must have finite ${what}, got ${found}`)
}
