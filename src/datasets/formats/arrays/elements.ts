/** What the numbers of arrays look like in files, by the name that NumPy or safetensors gives their type. */

/** A type of numbers that can be read. */
export interface ElementType {
  bytes: number
  /** numbers that float32 must hold as they are: measurements are rounded, integers are not */
  isInteger: boolean
  isBigEndian: boolean
  /** 0 .. 255: stored as they are, where all others become float32 */
  isByte: boolean
  /** Gives the numbers of whole elements, little-endian and aligned; NaN for an integer that Float64 does not hold. */
  read (bytes: Uint8Array<ArrayBuffer>): ArrayLike<number>
  /** A number as messages show it, also one that is NaN here. */
  show (bytes: Uint8Array<ArrayBuffer>, at: number): string
}

type Kind = 'bool' | 'f2' | 'bf2' | 'f4' | 'f8' | 'i1' | 'i2' | 'i4' | 'i8' | 'u1' | 'u2' | 'u4' | 'u8'

interface View<T> { new (buffer: ArrayBuffer, offset: number, length: number): ArrayLike<T>, BYTES_PER_ELEMENT: number }

const views: Record<Kind, View<number> | View<bigint>> = {
  bool: Uint8Array,
  f2: Uint16Array,
  bf2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array
}

const safetensorsKinds: Record<string, Kind> = {
  BOOL: 'bool',
  F16: 'f2',
  BF16: 'bf2',
  F32: 'f4',
  F64: 'f8',
  I8: 'i1',
  I16: 'i2',
  I32: 'i4',
  I64: 'i8',
  U8: 'u1',
  U16: 'u2',
  U32: 'u4',
  U64: 'u8'
}

/** What to say where a type cannot be read. */
export const READABLE = 'bool, integers or floats of 1 to 8 bytes'

/** The type that a NumPy header calls '<f4'; undefined for all that are no real numbers. */
export function findNpyType (dtype: string): ElementType | undefined {
  const [, order, name = ''] = /^([<>|=])(\w\d)$/.exec(dtype) ?? []
  const kind = name === 'b1' ? 'bool' : name in views && name !== 'bool' ? name as Kind : undefined
  return kind && toType(kind, order === '>')
}

/** The type that a safetensors header calls F32. */
export function findSafetensorsType (dtype: string): ElementType | undefined {
  return Object.hasOwn(safetensorsKinds, dtype) ? toType(safetensorsKinds[dtype]!, false) : undefined
}

function toType (kind: Kind, isBigEndian: boolean): ElementType {
  const Stored = views[kind]
  const { BYTES_PER_ELEMENT: bytes } = Stored
  const view = (part: Uint8Array<ArrayBuffer>): ArrayLike<number | bigint> => new Stored(part.buffer, part.byteOffset, part.length / bytes)
  const decode = decoders[kind]
  const read = (part: Uint8Array<ArrayBuffer>): ArrayLike<number> => {
    const stored = view(part) as ArrayLike<number> & ArrayLike<bigint>
    return decode === undefined ? stored : decode(stored)
  }
  return {
    bytes,
    isInteger: !['f2', 'bf2', 'f4', 'f8'].includes(kind),
    isBigEndian: isBigEndian && bytes > 1,
    isByte: kind === 'u1',
    read,
    show (part, at) {
      const stored = view(part)[at]
      return typeof stored === 'bigint' || kind === 'bool' ? String(stored) : String(read(part)[at])
    }
  }
}

/** Of the types whose stored numbers are not the numbers themselves. */
const decoders: Partial<Record<Kind, (stored: ArrayLike<number> & ArrayLike<bigint>) => ArrayLike<number>>> = {
  bool: stored => toFloats(stored, byte => byte > 1 ? NaN : byte),
  f2: stored => toFloats(stored, readHalf),
  bf2: stored => {
    const bits = new Uint32Array(stored.length)
    for (let i = 0; i < bits.length; i++) bits[i] = stored[i]! << 16
    return new Float32Array(bits.buffer)
  },
  i8: readLong,
  u8: readLong
}

function toFloats (stored: ArrayLike<number>, decode: (stored: number) => number): Float32Array {
  const numbers = new Float32Array(stored.length)
  for (let i = 0; i < numbers.length; i++) numbers[i] = decode(stored[i]!)
  return numbers
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function readHalf (bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = bits >> 10 & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (fraction + 1024) * 2 ** (exponent - 25)
}

function readLong (stored: ArrayLike<bigint>): Float64Array {
  const numbers = new Float64Array(stored.length)
  for (let i = 0; i < numbers.length; i++) {
    const number = Number(stored[i]!)
    numbers[i] = BigInt(number) === stored[i] ? number : NaN
  }
  return numbers
}
