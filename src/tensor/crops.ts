/**
 * Windows of pictures in place of whole ones: a source of batches that cuts pictures, and the maps that belong to them, here, and
 * feeds what it cut. Weights of convolutions are the same at any size, so that the network, its evaluation and its models know
 * nothing of it: only the training step is made for the window's size.
 */
import { sizeOf } from '../math/arrays.js'
import { cutWindow, lengthOf, type MapLayout, type Size, type Window } from '../math/windows.js'
import type { FieldArray } from '../datasets/dataset.js'
import { AppError } from '../errors.js'
import { createFed, type Examples, type Source } from './batches.js'
import { columnsOf } from './columns.js'
import type { Engine } from './engine.js'
import { elementType } from './preprocess.js'
import type { InputSpec } from './step.js'

/** Where a window lies: its upper left pixel, in those of the picture. */
export type Corner = Pick<Window, 'top' | 'left'>

export interface CropOptions {
  /** of a window, at most that of the pictures (unit: pixels) */
  size: Size
  /** The window of each of the pictures that are fed next, inside the picture; asked once for every batch. */
  cornersOf (indices: Int32Array): Corner[]
  /** Which fields lie map by map, [maps, height, width], by name; of others a pixel's numbers lie together, [height, width, numbers]. */
  maps?: Record<string, number>
}

/**
 * Makes the source. Target and further fields have a number for every pixel, or several.
 * @throws invalid_input for a window that is larger than the pictures, and for a field whose examples are no maps of their size
 */
export function createCropped (engine: Engine, examples: Examples, { size, cornersOf, maps = {} }: CropOptions): Source {
  const { data, inputShape: [height, width, channels] } = examples
  const picture: Size = [height!, width!]
  if (size.some((side, axis) => side > picture[axis]!)) {
    refuse(`size must be at most that of the pictures, ${say(picture)}, got ${say(size)}`)
  }
  const columns = columnsOf(examples).map(({ name, values }) => {
    const count = maps[name] ?? 1
    return openColumn(name, values, { maps: count, size: picture, numbers: values.length / data.count / sizeOf(picture) / count }, size)
  })
  const inputs = openColumn('inputs', data.inputs, { maps: 1, size: picture, numbers: channels! }, size)

  return {
    ...createFed(engine, examples),
    inputs: count => [{ type: elementType(data.inputs), shape: [count, ...size, channels!] }, ...columns.map(({ spec }) => spec(count))],
    feed (indices) {
      const windows = cornersOf(indices).map(corner => ({ ...corner, height: size[0], width: size[1] }))
      return [inputs, ...columns].map(({ take }) => take(indices, windows))
    }
  }
}

/** The windows of one field, which has its numbers for every pixel. */
function openColumn (name: string, values: FieldArray, from: MapLayout, size: Size) {
  const width = lengthOf(from)
  if (!Number.isInteger(from.numbers) || from.numbers === 0) {
    refuse(`${name} must have as many numbers for every pixel of ${say(from.size)}, got ${width} in all`)
  }
  const cutWidth = lengthOf({ ...from, size })
  return {
    spec: (count: number): InputSpec => ({ type: elementType(values), shape: [count, cutWidth] }),
    take (indices: Int32Array, windows: readonly Window[]): FieldArray {
      const into = new (values.constructor as new (length: number) => FieldArray)(indices.length * cutWidth)
      indices.forEach((example, at) => {
        const whole = values.subarray(example * width, (example + 1) * width)
        cutWindow(whole, from, windows[at]!, into.subarray(at * cutWidth, (at + 1) * cutWidth))
      })
      return into
    }
  }
}

function say (size: Size): string {
  return size.join(' x ')
}

function refuse (rule: string): never {
  throw new AppError('invalid_input', rule)
}
