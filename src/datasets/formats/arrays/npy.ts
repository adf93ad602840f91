/**
 * The header of a NumPy file: magic, version, its length, then a Python dict of dtype, order and shape. Versions 1, 2 and
 * 3. Source: NumPy, "numpy.lib.format", NEP 1. Nothing is unpickled: objects are refused by whoever needs the array.
 */
import { parseLiteral, type Literal } from './python-literal.js'

export interface NpyHeader {
  /** as the file says: '<f4'; what is no string (a structure) as JSON */
  dtype: string
  fortran: boolean
  shape: number[]
  /** bytes before the numbers */
  length: number
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1')
/** NumPy itself refuses headers beyond 10,000 bytes unless it is told to trust them. */
const LONGEST_HEADER = 1024 * 1024
const MAX_AXES = 32

export function isNpy (first: Uint8Array): boolean {
  return MAGIC.equals(first.subarray(0, MAGIC.length))
}

/**
 * Reads the header.
 * @param bytes  the begin of the file
 * @returns undefined while the header is not there in full
 * @throws Error saying what is wrong with it
 */
export function readNpyHeader (bytes: Buffer): NpyHeader | undefined {
  if (bytes.length < 12) return undefined
  if (!isNpy(bytes)) throw new Error(`a NumPy array must begin with 93 NUMPY, got ${bytes.toString('hex', 0, 6)}`)
  const version = bytes[6]!
  if (version < 1 || version > 3) throw new Error(`the version of a NumPy array must be 1, 2 or 3, got ${version}`)
  const begin = version === 1 ? 10 : 12
  const length = begin + (version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8))
  if (length > LONGEST_HEADER) throw new Error(`the header of a NumPy array must have at most ${LONGEST_HEADER} bytes, got ${length}`)
  if (bytes.length < length) return undefined
  return { ...readDict(parseLiteral(bytes.toString(version === 3 ? 'utf8' : 'latin1', begin, length).trim())), length }
}

function readDict (dict: Literal): Omit<NpyHeader, 'length'> {
  const { descr, fortran_order: fortran, shape, ...others } = dict as Record<string, Literal | undefined>
  if (descr === undefined || typeof fortran !== 'boolean' || !isShape(shape) || Object.keys(others).length > 0) {
    throw new Error(`the header of a NumPy array must have descr, fortran_order and shape, got ${JSON.stringify(dict).slice(0, 100)}`)
  }
  return { dtype: typeof descr === 'string' ? descr : JSON.stringify(descr), fortran, shape }
}

function isShape (shape: Literal | undefined): shape is number[] {
  return Array.isArray(shape) && shape.length <= MAX_AXES && shape.every(size => typeof size === 'number' && Number.isSafeInteger(size) && size >= 0)
}
