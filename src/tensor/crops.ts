/**
 * Windows of pictures in place of whole ones: a source of batches that cuts pictures, and the maps that belong to them, here, and
 * feeds what it cut. Weights of convolutions are the same at any size, so that the network, its evaluation and its models know
 * nothing of it: only the training step is made for the window's size.
 */
import { sizeOf } from '../math/arrays.js'
import type { FieldArray } from '../datasets/dataset.js'
import { AppError } from '../errors.js'
import { createFed, type Examples, type Source } from './batches.js'
import { columnsOf } from './columns.js'
import type { Engine } from './engine.js'
import { elementType } from './preprocess.js'
import type { InputSpec } from './step.js'

/** [height, width] */
type Size = readonly [number, number]

/** Its upper left pixel, in those of the picture. */
export interface Window { top: number, left: number }

export interface CropOptions {
  /** of a window, at most that of the pictures (unit: pixels) */
  size: Size
  /** The window of each of the pictures that are fed next, inside the picture; asked once for every batch. */
  windowsOf (indices: Int32Array): Window[]
  /** Which fields lie map by map, [maps, height, width], by name; of others a pixel's numbers lie together, [height, width, numbers]. */
  maps?: Record<string, number>
}

/** How one example of a field lies: [maps, ...size, numbers]. */
interface Layout { maps: number, size: Size, numbers: number }

/**
 * Makes the source. Target and further fields have a number for every pixel, or several.
 * @throws invalid_input for a window that is larger than the pictures, and for a field whose examples are no maps of their size
 */
export function createCropped (engine: Engine, examples: Examples, { size, windowsOf, maps = {} }: CropOptions): Source {
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
      const windows = windowsOf(indices)
      return [inputs, ...columns].map(({ take }) => take(indices, windows))
    }
  }
}

/** The windows of one field, which has its numbers for every pixel. */
function openColumn (name: string, values: FieldArray, from: Layout, size: Size) {
  const width = sizeOfLayout(from)
  if (!Number.isInteger(from.numbers) || from.numbers === 0) {
    refuse(`${name} must have as many numbers for every pixel of ${say(from.size)}, got ${width} in all`)
  }
  const cutWidth = sizeOfLayout({ ...from, size })
  return {
    spec: (count: number): InputSpec => ({ type: elementType(values), shape: [count, cutWidth] }),
    take (indices: Int32Array, windows: readonly Window[]): FieldArray {
      const into = new (values.constructor as new (length: number) => FieldArray)(indices.length * cutWidth)
      indices.forEach((example, at) => {
        const whole = values.subarray(example * width, (example + 1) * width)
        cut(whole, from, { ...windows[at]!, size }, into.subarray(at * cutWidth, (at + 1) * cutWidth))
      })
      return into
    }
  }
}

/** Copies the rows of a window. @param into as the layout says, of the window's size */
function cut (whole: FieldArray, layout: Layout, window: Window & { size: Size }, into: FieldArray): void {
  const { maps, size: [height, width], numbers } = layout
  const { top, left, size: [rows, columns] } = window
  for (let map = 0; map < maps; map++) {
    for (let row = 0; row < rows; row++) {
      const from = ((map * height + top + row) * width + left) * numbers
      into.set(whole.subarray(from, from + columns * numbers), (map * rows + row) * columns * numbers)
    }
  }
}

function sizeOfLayout ({ maps, size, numbers }: Layout): number {
  return maps * sizeOf([...size]) * numbers
}

function say (size: Size): string {
  return size.join(' x ')
}

function refuse (rule: string): never {
  throw new AppError('invalid_input', rule)
}
