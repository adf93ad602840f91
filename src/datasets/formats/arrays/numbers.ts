/** The numbers of an array by the piece, aligned and in this machine's byte order, each with its place for messages. */
import { broken } from '../../limits.js'
import { nameArray, type StoredArray } from './array-file.js'
import { READABLE, type ElementType } from './elements.js'

/** Some numbers, one after the other as in the file. */
export interface Numbers {
  numbers: ArrayLike<number>
  /** The error for one of them. @param rule what it must be */
  refuse (at: number, rule: string): Error
}

/** An array whose numbers can be read. */
export type NumberArray = StoredArray & { type: ElementType }

/** Checks an array before it is used. @throws AppError invalid_dataset naming the array and its dtype */
export function toNumberArray (array: StoredArray): NumberArray {
  if (array.type === undefined) {
    throw broken(array.file, `${nameArray(array)} must have a dtype of ${READABLE}, got ${array.dtype.slice(0, 100)}; nothing is unpickled`)
  }
  if (array.shape.length === 0) throw broken(array.file, `${nameArray(array)} must have an axis of examples, got the shape []`)
  if (array.shape.includes(0)) throw broken(array.file, `every axis of ${nameArray(array)} must have 1 element or more, got [${array.shape.join(', ')}]`)
  return array as NumberArray
}

/** Reads an array in the order of the file. */
export async function * readNumbers (array: NumberArray): AsyncGenerator<Numbers> {
  const { type } = array
  let rest: Buffer = Buffer.alloc(0)
  let first = 0
  for await (const piece of array.bytes()) {
    const all = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    const whole = all.length - all.length % type.bytes
    const bytes = new Uint8Array(whole) // aligned, and nobody else's: its bytes may be swapped
    bytes.set(all.subarray(0, whole))
    rest = Buffer.from(all.subarray(whole))
    if (type.isBigEndian) swap(Buffer.from(bytes.buffer), type.bytes)
    const begin = first
    yield {
      numbers: type.read(bytes),
      refuse: (at, rule) => broken(array.file, `${nameArray(array)}: element [${placeOf(array, begin + at).join(', ')}] ${rule}, got ${type.show(bytes, at)}`)
    }
    first += whole / type.bytes
  }
}

/** Where an element is in the array, by its position in the file. */
function placeOf ({ shape, fortran }: StoredArray, position: number): number[] {
  const sizes = fortran ? shape : [...shape].reverse() // the fastest first
  let left = position
  const places = sizes.map(size => {
    const place = left % size
    left = Math.floor(left / size)
    return place
  })
  return fortran ? places : places.reverse()
}

function swap (bytes: Buffer, size: number): void {
  if (size === 2) bytes.swap16()
  else if (size === 4) bytes.swap32()
  else bytes.swap64()
}
