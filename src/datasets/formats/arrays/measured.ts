/** Arrays of measurements: pictures and features as inputs, values as a target. Bytes stay bytes, all else becomes float32. */
import { sizeOf } from '../../../math/arrays.js'
import type { Pieces } from '../../files.js'
import { layoutOf, sayField, type Column, type FieldOf, type Fields } from '../../description.js'
import { broken, show } from '../../limits.js'
import { nameArray } from './array-file.js'
import { checkShape, withAxes, type ArraysContext, type FieldReader } from './field.js'
import type { NumberArray, Numbers } from './numbers.js'
import type { ArraysOptions } from './options.js'
import { spoolArray } from './order.js'

/** Of pictures: grey, grey and alpha, colour, colour and alpha. */
const CHANNELS = [1, 2, 3, 4]
/** Beyond 2^24 float32 has not every integer. */
const EXACT_BELOW = 2 ** 24

/** Reads the inputs: [n] and [n, features] are features, [n, height, width] and with channels pictures. */
export async function readInputs (array: NumberArray, context: ArraysContext): Promise<FieldReader> {
  const [, ...axes] = array.shape
  const dtype = array.type.isByte ? 'uint8' : 'float32'
  if (axes.length < 2) {
    const columns = toColumns(array, axes[0] ?? 1, context.options.columnNames, 'columnNames', context.options)
    return await readMeasured(array, { type: 'features', shape: [axes[0] ?? 1], dtype, ...(columns && { columns }) }, false, context)
  }
  if (axes.length > 3) throw broken(array.file, `${nameArray(array)} must have 4 axes at most as inputs, got [${array.shape.join(', ')}]`)
  if (context.options.columnNames !== undefined) throw broken(array.file, `columnNames must be left out where inputs are pictures, got inputs of [${array.shape.join(', ')}]`)
  const first = axes.length === 3 && findChannels(array, axes, context) === 'first'
  const [height = 0, width = 0, channels = 1] = first ? [axes[1], axes[2], axes[0]] : axes
  return await readMeasured(array, { type: 'image', shape: [height, width, channels], dtype }, first, context)
}

/** Reads values: [n] or [n, values]. @param names of the values @param otherwise what they are called where nobody named them */
export async function readValues (
  array: NumberArray, names: string[] | undefined, otherwise: string, context: ArraysContext
): Promise<FieldReader> {
  const [, width = 1, ...more] = array.shape
  if (more.length > 0) throw broken(array.file, `${nameArray(array)} must have 1 or 2 axes as values, got [${array.shape.join(', ')}]`)
  const called = names ?? (width === 1 ? [otherwise] : Array.from({ length: width }, (_, i) => `${otherwise} ${i}`))
  const columns = toColumns(array, width, called, 'targetNames', context.options)!
  return await readMeasured(width === 1 ? withAxes(array, 1) : array, { type: 'values', columns }, false, context)
}

async function readMeasured (
  train: NumberArray, field: FieldOf<'features' | 'image' | 'values'>, channelsFirst: boolean, context: ArraysContext
): Promise<FieldReader> {
  const read = async (array: NumberArray): Promise<Pieces> => {
    context.tally.addCells(array.file, sizeOf(array.shape))
    const bytes = layoutOf(field).dtype === 'U8' ? 1 : 4
    const rounded = { count: 0 }
    const convert = bytes === 1 ? toBytes : (part: Numbers) => toFloat32(part, array, rounded)
    const pieces = await spoolArray(array, { folder: context.folder, bytes, channelsFirst, convert })
    if (rounded.count > 0) {
      context.warn({
        code: 'integers_beyond_float32',
        text: `${rounded.count} integers of ${nameArray(array)} are not among the numbers of float32, which has all up to ${EXACT_BELOW}: the nearest ones stand for them`
      })
    }
    return pieces
  }
  return {
    field,
    pieces: await read(train),
    async readTest (array) {
      const test = field.type === 'values' ? withAxes(array, train.shape.length) : array
      checkShape(test, train)
      if ('dtype' in field && field.dtype === 'uint8' && !test.type.isByte) {
        throw broken(test.file, `${nameArray(test)} must have bytes (uint8) as the training inputs, got ${test.dtype}`)
      }
      return await read(test)
    }
  }
}

function toBytes ({ numbers }: Numbers): Uint8Array {
  return numbers as Uint8Array
}

/** Refuses what is not finite once it is float32, and integers that would become other ones; floats are rounded as measurements are. */
function toFloat32 ({ numbers, refuse }: Numbers, { type: { isInteger } }: NumberArray, rounded: { count: number }): Uint8Array {
  const floats = new Float32Array(numbers.length)
  for (let i = 0; i < floats.length; i++) {
    const number = numbers[i]!
    const float = floats[i] = Math.fround(number)
    if (float === number) {
      if (Number.isFinite(float)) continue
      throw refuse(i, 'must be a finite number')
    }
    if (isInteger) throw refuse(i, `must be an integer that float32 holds (all are up to ${EXACT_BELOW}); subtract an offset or divide`)
    if (!Number.isFinite(float)) throw refuse(i, 'must be a finite number as float32')
    if (Math.abs(number) > EXACT_BELOW && Number.isInteger(number)) rounded.count++
  }
  return new Uint8Array(floats.buffer)
}

function findChannels ({ file, shape }: NumberArray, axes: number[], { options, warn }: ArraysContext): 'first' | 'last' {
  if (options.channels !== undefined) return options.channels
  const [first, , last] = axes.map(size => CHANNELS.includes(size))
  if (last && !first) return 'last'
  if (first && !last) {
    warn({ code: 'channels_first', text: `inputs of [${shape.join(', ')}] were taken as [n, channels, height, width] and are kept as [n, height, width, channels]` })
    return 'first'
  }
  throw broken(file, `channels must be told as first or last for inputs of [${shape.join(', ')}]: ${first ? 'both' : 'neither'} can be 1 .. 4 channels`)
}

function toColumns (
  { file, shape }: NumberArray, width: number, names: string[] | undefined, option: string, { units = {} }: ArraysOptions
): Column[] | undefined {
  if (names === undefined) return undefined
  if (names.length !== width) throw broken(file, `${option} must have ${width} names for [${shape.join(', ')}], got ${names.length}`)
  const twin = names.find((name, at) => names.indexOf(name) !== at)
  if (twin !== undefined) throw broken(file, `${option} must have different names, got ${show(twin)} twice`)
  return names.map(name => ({ name, ...(Object.hasOwn(units, name) ? { unit: units[name]! } : {}) }))
}

/** Refuses what would change nothing: whoever said it expects it to. */
export function checkIdle ({ file }: NumberArray, { inputs, target, ...further }: Fields, options: ArraysOptions): void {
  const hasClasses = target?.type === 'classes' || target?.type === 'classMap'
  const idle: [option: keyof ArraysOptions, isIdle: boolean, unless: string][] = [
    ['channels', inputs.type !== 'image', 'inputs are pictures'],
    ['classNames', !hasClasses, 'the target has classes'],
    ['targetNames', target?.type !== 'values', 'the target has values']
  ]
  for (const [option, isIdle, unless] of idle) {
    if (isIdle && options[option] !== undefined) throw broken(file, `${option} must be left out unless ${unless}, got ${sayField(inputs)} and a target of ${sayField(target)}`)
  }
  const fields = [inputs, ...target ? [target] : [], ...Object.values(further)]
  const known = fields.flatMap(field => 'columns' in field ? field.columns ?? [] : []).map(({ name }) => name)
  const strange = Object.keys(options.units ?? {}).find(name => !known.includes(name))
  if (strange !== undefined) throw broken(file, `units must name columnNames or targetNames, got ${show(strange)}`)
}
