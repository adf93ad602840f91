/**
 * Turns the queries of a request into inputs and targets, and says exactly which one is wrong and why. Raw inputs: raw-inputs.ts,
 * raw-pictures.ts; pictures of another size than the model was trained on: own-size.ts.
 */
import { sizeOf } from '../math/arrays.js'
import type { Size } from '../math/windows.js'
import type { Fields } from '../datasets/description.js'
import { outputsOf, trainedOn, type ModelBundle, type Outputs } from './bundle.js'
import { fillUp, hasTrainedSize, refuseSize, shapeOf } from './own-size.js'
import { readArray, readNumbers, readObject, readText } from './raw-inputs.js'
import { createPixelCount, openNestedPicture, openPngPicture, type RawPicture } from './raw-pictures.js'
import { refuse } from './refusals.js'
import type { InfluenceResponse, ModelQuery } from './schemas.js'
import type { ViewExamples } from './view.js'

type Answered = InfluenceResponse['results'][number]

/** A query as an example that a network can read. */
export interface OpenQuery {
  /** in the data set's stored units */
  values: ArrayLike<number>
  /** of the values */
  shape: number[]
  /** of the picture that was filled up to this shape; left out where it was not */
  size?: Size
  /** numbers of its target; undefined where it is not known */
  target: ArrayLike<number> | undefined
  from: Answered['labelFrom']
  echo: Answered['query']
}

/** Several of one shape. */
export interface OpenQueries {
  data: Inputs
  targets: OpenQuery['target'][]
  targetsFrom: OpenQuery['from'][]
  echoes: OpenQuery['echo'][]
}

/** [count, ...shape] in stored units */
export interface Inputs { inputs: Float32Array, count: number }

/**
 * Looks up and checks the queries of a request.
 * @param view    what the model was trained on; asked for only where a query names a training example
 * @param options ownSize: whether a picture of another size than the model was trained on is opened, too
 * @throws invalid_input naming the path, the rule and what was got; no_dataset
 */
export function openEach (
  queries: readonly ModelQuery[], bundle: ModelBundle, view: () => ViewExamples, { ownSize }: { ownSize: boolean }
): OpenQuery[] {
  const source = { bundle, outputs: outputsOf(bundle), view, ownSize, count: createPixelCount() }
  return queries.map((query, i) => {
    const path = `queries[${i}]`
    const opened = query.input === undefined && query.png === undefined ? fromSplit(query, source, path) : fromInput(query, source, path)
    const [height, width] = opened.size ?? []
    const { outputs } = source
    const sized = width === undefined ? outputs : { ...outputs, shape: [height!, width, outputs.shape[2]!] }
    const asked = askedTarget(query, bundle.fields, sized, path)
    return asked ? { ...opened, target: asked, from: 'request' } : opened
  })
}

/** The same where all have the shape that the model was trained on. */
export function openQueries (queries: readonly ModelQuery[], bundle: ModelBundle, view: () => ViewExamples): OpenQueries {
  const opened = openEach(queries, bundle, view, { ownSize: false })
  return {
    data: joinInputs(opened),
    targets: opened.map(({ target }) => target),
    targetsFrom: opened.map(({ from }) => from),
    echoes: opened.map(({ echo }) => echo)
  }
}

/** The inputs of some queries of one shape, of which there is one at least. */
export function joinInputs (opened: readonly Pick<OpenQuery, 'values' | 'shape'>[]): Inputs {
  const width = sizeOf(opened[0]!.shape)
  const inputs = new Float32Array(opened.length * width)
  opened.forEach(({ values }, i) => { inputs.set(values, i * width) })
  return { inputs, count: opened.length }
}

interface Source { bundle: ModelBundle, outputs: Outputs, view: () => ViewExamples, ownSize: boolean, count: (picture: RawPicture) => void }

/** An example that the model was trained on has the target that it was trained with: its influence on itself is its self-influence. */
function fromSplit ({ split, index }: ModelQuery, { bundle, outputs: { inputShape, kind, shape }, view }: Source, path: string): OpenQuery {
  if (split === undefined || index === undefined) refuse(path, 'must have split and index, or input, or png', { split, index })
  const { count, arrays: { inputs, target } } = trainedOn(bundle).dataset[split]
  if (index >= count) refuse(`${path}.index`, `must be < ${count}, the examples of split ${split}`, index)
  const rowOf = (values: ArrayLike<number> & { subarray (from: number, to: number): ArrayLike<number> }, width: number) =>
    values.subarray(index * width, (index + 1) * width)
  const isTrained = split === 'train' && target !== undefined && view().indices.includes(index)
  const said = isTrained ? view().target : target
  return {
    values: rowOf(inputs!, sizeOf(inputShape)),
    shape: inputShape,
    target: said && rowOf(said, kind.targetSize(shape)),
    from: isTrained ? 'training' : said ? 'dataset' : 'prediction',
    echo: { split, index }
  }
}

function fromInput (query: ModelQuery, source: Source, path: string): OpenQuery {
  const { input, png, split, index } = query
  if (split !== undefined || index !== undefined) refuse(path, `must have either ${png === undefined ? 'input' : 'png'}, or split and index`, 'both')
  if (input !== undefined && png !== undefined) refuse(path, 'must have either input or png', 'both')
  const read = readPicture(query, source, path) ?? { values: readInput(input!, source, `${path}.input`), shape: source.outputs.inputShape }
  return { ...read, target: undefined, from: 'prediction', echo: { input: 'raw' } }
}

/** @returns undefined for what says no size: it must have the model's shape */
function readPicture (
  { input, png }: ModelQuery, { bundle, outputs, ownSize, count }: Source, path: string
): Pick<OpenQuery, 'values' | 'shape' | 'size'> | undefined {
  const { inputs } = bundle.fields
  const nested = () => ownSize && inputs.type === 'image' ? openNestedPicture(input, inputs, `${path}.input`) : undefined
  const picture = png === undefined ? nested() : openPngPicture(png, inputs, `${path}.png`)
  if (picture === undefined) return undefined
  const isTrained = hasTrainedSize(bundle, picture)
  if (!isTrained && !ownSize) return refuseSize(bundle, picture)
  count(picture)
  if (isTrained) return { values: picture.read(), shape: outputs.inputShape }
  const shape = shapeOf(bundle, picture)
  return { values: fillUp(picture.read(), picture.size, shape), shape, size: picture.size }
}

function readInput (
  input: NonNullable<ModelQuery['input']>, { bundle, outputs: { inputShape } }: Source, path: string
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
