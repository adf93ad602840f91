/**
 * Writes an array's numbers into a spool in the order in which a data set has them: example by example, channels last.
 * Files in Fortran order and pictures with the channels first are written as they come and then read in another order,
 * block by block.
 */
import { closeSync, openSync, readSync, rmSync } from 'node:fs'
import { sizeOf } from '../../../math/arrays.js'
import type { Pieces } from '../../files.js'
import { broken } from '../../limits.js'
import { openSpool } from '../../spool.js'
import { nameArray, type StoredArray } from './array-file.js'
import { readNumbers, type NumberArray, type Numbers } from './numbers.js'

export interface SpoolOptions {
  folder: string
  /** of an element as it is stored */
  bytes: 1 | 4
  /** pictures are [n, channels, height, width] */
  channelsFirst?: boolean
  /** what is stored of some numbers */
  convert (part: Numbers): Uint8Array
}

/** Of examples that are in memory in both orders: few reads for a long column, little memory. */
const BLOCK_BYTES = 32 * 1024 * 1024

/** Writes an array. @throws AppError invalid_dataset */
export async function spoolArray (array: NumberArray, { folder, bytes, channelsFirst = false, convert }: SpoolOptions): Promise<Pieces> {
  const isOtherwise = channelsFirst || (array.fortran && array.shape.length > 1)
  if (isOtherwise && sizeOf(array.shape.slice(1)) * bytes > BLOCK_BYTES) {
    throw broken(array.file, `an example of ${nameArray(array)} must have at most ${BLOCK_BYTES / bytes} numbers in Fortran order or with channels first, got [${array.shape.slice(1).join(', ')}]`)
  }
  const spool = openSpool(folder)
  for await (const part of readNumbers(array)) spool.write(convert(part))
  const asTheyCome = spool.finish()
  if (!isOtherwise) return asTheyCome
  const ordered = openSpool(folder)
  for (const examples of readExamples(spool.file, array, bytes, channelsFirst)) ordered.write(examples)
  rmSync(spool.file)
  return ordered.finish()
}

function * readExamples (file: string, array: StoredArray, bytes: 1 | 4, channelsFirst: boolean): Generator<Uint8Array> {
  const count = array.shape[0]!
  const places = placesOf(array, channelsFirst)
  const width = places.length
  const Elements = bytes === 1 ? Uint8Array : Uint32Array
  const rows = Math.max(1, Math.floor(BLOCK_BYTES / (width * bytes)))
  const descriptor = openSync(file, 'r')
  try {
    for (let first = 0; first < count; first += rows) {
      const n = Math.min(rows, count - first)
      const block = new Elements(n * width)
      // In Fortran order the examples are the fastest axis: a run has one number of each; else it has one example.
      const run = new Elements(array.fortran ? n : width)
      for (let k = 0; k < (array.fortran ? width : n); k++) {
        readWhole(descriptor, run, (array.fortran ? k * count + first : (first + k) * width) * bytes)
        if (array.fortran) for (let i = 0; i < n; i++) block[i * width + places[k]!] = run[i]!
        else for (let i = 0; i < width; i++) block[k * width + places[i]!] = run[i]!
      }
      yield new Uint8Array(block.buffer)
    }
  } finally {
    closeSync(descriptor)
  }
}

/** For every number of an example, in the order of the file: where it is in the data set. */
function placesOf ({ shape, fortran }: StoredArray, channelsFirst: boolean): Uint32Array {
  const sizes = shape.slice(1)
  const [channels = 1, , width = 1] = sizes
  const strides = channelsFirst ? [1, width * channels, channels] : sizes.map((_, axis) => sizeOf(sizes.slice(axis + 1)))
  const axes = [...sizes.keys()]
  if (!fortran) axes.reverse() // the fastest first
  return Uint32Array.from({ length: sizeOf(sizes) }, (_, k) => {
    let left = k
    let place = 0
    for (const axis of axes) {
      place += left % sizes[axis]! * strides[axis]!
      left = Math.floor(left / sizes[axis]!)
    }
    return place
  })
}

function readWhole (descriptor: number, into: Uint8Array | Uint32Array, position: number): void {
  const bytes = new Uint8Array(into.buffer)
  for (let done = 0; done < bytes.length;) {
    const read = readSync(descriptor, bytes, done, bytes.length - done, position + done)
    if (read === 0) throw new Error(`A spool must have ${position + bytes.length} bytes, got ${position + done}`)
    done += read
  }
}
