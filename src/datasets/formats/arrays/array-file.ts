/**
 * The arrays of one uploaded file, whatever it is by its first bytes: NPZ (a zip of NumPy files), NPY or safetensors; the
 * last two also as gzip. Only headers are read here; numbers come by the piece.
 */
import { statSync } from 'node:fs'
import type { Archive, Member } from '../../archives/archive.js'
import { isZip, openZip } from '../../archives/zip.js'
import type { ReadContext } from '../../dataset-file.js'
import { readPieces, readUploaded } from '../../files.js'
import { broken, show, type UploadedFile } from '../../limits.js'
import { openSpool } from '../../spool.js'
import { findNpyType, findSafetensorsType, type ElementType } from './elements.js'
import { isNpy, readNpyHeader } from './npy.js'
import { readJsonLength, readSafetensorsPlaces } from './safetensors.js'

/** An array that lies in a file. */
export interface StoredArray {
  file: UploadedFile
  /** undefined in a file that has this one */
  name: string | undefined
  /** as the file says */
  dtype: string
  /** undefined where it is not one of real numbers */
  type: ElementType | undefined
  shape: number[]
  /** the first axis is the fastest in the file, not the last */
  fortran: boolean
  /** the bytes of its numbers by the piece, as many as there are */
  bytes (): AsyncIterable<Buffer> | Iterable<Buffer>
}

export interface ArrayFile {
  file: UploadedFile
  arrays: StoredArray[]
  /** members of a zip that are no arrays */
  others: number
  close (): void
}

/** Enough for any shape; a zip of pictures has more. */
const MAX_ARRAYS = 1000

/** Opens a file. @throws AppError invalid_dataset naming the file and the rule */
export async function openArrayFile (file: UploadedFile, context: ReadContext): Promise<ArrayFile> {
  const plain = await unpackGzip(file, context)
  const first = takeBegin(readPieces(plain.path, 0, 16))
  if (isZip(first)) return await openNpz(plain, context)
  const arrays = isNpy(first) ? [openNpy(plain)] : openSafetensors(plain, first)
  return { file, arrays, others: 0, close () {} }
}

/** How messages name an array. */
export function nameArray ({ name }: StoredArray): string {
  return name === undefined ? 'the array' : `the array ${show(name)}`
}

/** An array with what its header says: "x" (<f4 [3, 2]). */
export function describeArray ({ name, dtype, shape }: StoredArray): string {
  return `${name === undefined ? 'one' : show(name)} (${show(dtype).slice(1, -1)} [${shape.join(', ')}])`
}

/** Unpacks gzip into the job's folder, for arrays are read from anywhere in the file. */
async function unpackGzip (file: UploadedFile, { folder, tally }: ReadContext): Promise<UploadedFile> {
  const [first, second] = takeBegin(readPieces(file.path, 0, 2))
  if (first !== 0x1f || second !== 0x8b) {
    tally.addBytes(file, statSync(file.path).size)
    return file
  }
  const spool = openSpool(folder)
  for await (const piece of readUploaded(file, tally)) spool.write(piece)
  spool.finish()
  return { path: spool.file, name: file.name }
}

async function openNpz (file: UploadedFile, { tally }: ReadContext): Promise<ArrayFile> {
  const archive = await openZip(file, tally)
  try {
    const members = archive.members.filter(({ isFolder }) => !isFolder)
    if (members.length > MAX_ARRAYS) throw broken(file, `an NPZ must have at most ${MAX_ARRAYS} members, got ${members.length}`)
    const arrays: StoredArray[] = []
    for (const member of members) arrays.push(...await openMember(file, archive, member))
    const names = arrays.map(({ name }) => name)
    const twin = names.find((name, at) => names.indexOf(name) !== at)
    if (twin !== undefined) throw broken(file, `every array must have a name of its own, got ${show(twin)} twice`)
    return { file, arrays, others: members.length - arrays.length, close: archive.close }
  } catch (error) {
    archive.close()
    throw error
  }
}

/** @returns the array, none where the member does not begin as one */
async function openMember (file: UploadedFile, archive: Archive, member: Member): Promise<StoredArray[]> {
  const name = member.name.replace(/\.npy$/, '')
  let head = Buffer.alloc(0)
  for await (const piece of archive.read(member)) {
    head = Buffer.concat([head, piece])
    if (!isNpy(head)) return []
    const array = readNpy(file, name, head, member.sizeBytes, length => skip(archive.read(member), length))
    if (array !== undefined) return [array]
  }
  if (!isNpy(head)) return []
  throw broken(file, `the header of the array ${show(name)} must be complete, got ${head.length} bytes`)
}

function openNpy (file: UploadedFile): StoredArray {
  const { size } = statSync(file.path)
  let head = Buffer.alloc(0)
  for (const piece of readPieces(file.path)) {
    head = Buffer.concat([head, piece])
    const array = readNpy(file, undefined, head, size, length => readPieces(file.path, length))
    if (array !== undefined) return array
  }
  throw broken(file, `the header of a NumPy array must be complete, got ${head.length} bytes`)
}

/** @returns undefined while the header is not there in full */
function readNpy (
  file: UploadedFile, name: string | undefined, head: Buffer, sizeBytes: number, from: (length: number) => ReturnType<StoredArray['bytes']>
): StoredArray | undefined {
  const title = name === undefined ? '' : `the array ${show(name)}: `
  const header = attempt(file, title, () => readNpyHeader(head))
  if (header === undefined) return undefined
  const { dtype, shape, fortran, length } = header
  const type = findNpyType(dtype)
  const array: StoredArray = { file, name, dtype, type, shape, fortran, bytes: () => from(length) }
  if (type !== undefined) checkSize(array, type, sizeBytes - length)
  return array
}

function checkSize (array: StoredArray, { bytes }: ElementType, got: number): void {
  const needed = array.shape.reduce((product, size) => product * size, bytes)
  if (needed !== got) throw broken(array.file, `${nameArray(array)} of ${array.dtype} [${array.shape.join(', ')}] must have ${needed} bytes, got ${got}`)
}

function openSafetensors (file: UploadedFile, first: Buffer): StoredArray[] {
  const length = readJsonLength(first)
  if (length === undefined) throw broken(file, `the file must be NPZ, NPY or safetensors, got ${first.toString('hex', 0, 8) || 'an empty file'} as its first bytes`)
  const json = takeBegin(readPieces(file.path, 8, 8 + length))
  if (json.length < length) throw broken(file, `the header must have ${length} bytes, got ${json.length}`)
  const places = attempt(file, '', () => readSafetensorsPlaces(json, statSync(file.path).size))
  if (places.length > MAX_ARRAYS) throw broken(file, `there must be at most ${MAX_ARRAYS} arrays, got ${places.length}`)
  return places.map(({ name, dtype, shape, start, end }) => (
    { file, name, dtype, type: findSafetensorsType(dtype), shape, fortran: false, bytes: () => readPieces(file.path, start, end) }))
}

function attempt<T> (file: UploadedFile, title: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw broken(file, `${title}${(error as Error).message}`, error)
  }
}

function takeBegin (pieces: Iterable<Buffer>): Buffer {
  return Buffer.concat([...pieces])
}

/** Leaves the first bytes out. */
async function * skip (pieces: AsyncIterable<Buffer>, length: number): AsyncGenerator<Buffer> {
  let left = length
  for await (const piece of pieces) {
    if (left < piece.length) yield piece.subarray(left)
    left = Math.max(0, left - piece.length)
  }
}
