/**
 * The text of an uploaded file as UTF-8, whatever its encoding: UTF-8 or UTF-16 by its first bytes, or what the upload
 * says. What is no such text is refused, never repaired.
 */
import { isUtf8 } from 'node:buffer'
import { broken, show, type UploadedFile } from '../../limits.js'

/** Enough to know an encoding by. */
const HEAD_BYTES = 4096
/** No character of any encoding has more. */
const LONGEST_CHARACTER = 8

interface Encoding { name: string, markBytes: number, isTold: boolean }

/**
 * Reads a file as UTF-8 without its byte order mark.
 * @param open  gives its bytes from the first one, as often as it is called; of a piece nothing is kept
 * @param told  a label of the Encoding Standard
 * @throws AppError invalid_dataset naming the line and the byte at which the text ends to be one
 */
export async function * readText (file: UploadedFile, open: () => AsyncIterable<Buffer>, told?: string): AsyncGenerator<Buffer> {
  let encoding: Encoding | undefined
  let convert: ((piece?: Buffer) => Buffer) | undefined
  let position = 0
  try {
    for await (const piece of gather(open())) {
      encoding ??= findEncoding(file, piece, told)
      convert ??= encoding.name === 'utf-8' ? checkUtf8() : toUtf8(encoding.name)
      yield convert(position === 0 ? piece.subarray(encoding.markBytes) : piece)
      position += piece.length
    }
    if (convert !== undefined) yield convert()
  } catch (error) {
    if (encoding === undefined || !isUndecodable(error)) throw error
    throw await explain(file, open, encoding, position, error)
  }
}

/** Joins the first pieces until they tell the encoding. */
async function * gather (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0)
  let isKnown = false
  for await (const piece of pieces) {
    if (!isKnown) head = Buffer.concat([head, piece])
    if (!isKnown && head.length < HEAD_BYTES) continue
    yield isKnown ? piece : head
    isKnown = true
  }
  if (!isKnown && head.length > 0) yield head
}

function findEncoding (file: UploadedFile, head: Buffer, told: string | undefined): Encoding {
  const marked = findMark(head)
  if (told === undefined) return marked ?? { name: findUnmarkedUtf16(head) ?? 'utf-8', markBytes: 0, isTold: false }
  const name = nameOf(file, told)
  const family = (encoding: string): string => encoding.slice(0, 'utf-16'.length)
  if (marked !== undefined && family(marked.name) !== family(name)) {
    throw broken(file, `encoding must be ${marked.name} as the first bytes of the file say, got ${show(told)}`)
  }
  return { name: marked?.name ?? name, markBytes: marked?.markBytes ?? 0, isTold: true }
}

function nameOf (file: UploadedFile, label: string): string {
  try {
    return new TextDecoder(label, { fatal: true }).encoding
  } catch (error) {
    throw broken(file, `encoding must be a label of the Encoding Standard, such as utf-8, utf-16le, windows-1252 or shift_jis, got ${show(label)}`, error)
  }
}

function findMark (head: Buffer): Encoding | undefined {
  const [a, b, c] = head
  if (a === 0xef && b === 0xbb && c === 0xbf) return { name: 'utf-8', markBytes: 3, isTold: false }
  if (a === 0xff && b === 0xfe) return { name: 'utf-16le', markBytes: 2, isTold: false }
  if (a === 0xfe && b === 0xff) return { name: 'utf-16be', markBytes: 2, isTold: false }
  return undefined
}

/** UTF-16 without a mark is sure where each character of the first line is ASCII in two bytes: no other text looks like that. */
function findUnmarkedUtf16 (head: Buffer): string | undefined {
  const isAscii = (high: 0 | 1): boolean => {
    for (let at = 0; at + 1 < head.length; at += 2) {
      const byte = head[at + 1 - high]!
      if (head[at + high] !== 0 || byte === 0 || byte > 0x7e) return false
      if (byte === 0x0a || byte === 0x0d) return at > 0
    }
    return head.length >= 4
  }
  return isAscii(1) ? 'utf-16le' : isAscii(0) ? 'utf-16be' : undefined
}

class Undecodable extends Error {}

/** Checks pieces of UTF-8, each with the begin of a character that the one before left over. */
function checkUtf8 (): (piece?: Buffer) => Buffer {
  let pending = Buffer.alloc(0)
  return piece => {
    const bytes = piece === undefined ? pending : pending.length > 0 ? Buffer.concat([pending, piece]) : piece
    const whole = piece === undefined ? bytes : bytes.subarray(0, endOfCharacters(bytes))
    if (!isUtf8(whole)) throw new Undecodable()
    pending = Buffer.from(bytes.subarray(whole.length))
    return whole
  }
}

/** Where the last character that is there in full ends: a character has four bytes at most. */
function endOfCharacters (bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return bytes.length
    if (byte < 0xc0) continue // in the middle of a character
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    return length > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

function toUtf8 (encoding: string): (piece?: Buffer) => Buffer {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
  return piece => Buffer.from(piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true }))
}

/** Reads the file again up to what is no text, at the end byte by byte. @param from  where the piece begins that has it */
async function explain (
  file: UploadedFile, open: () => AsyncIterable<Buffer>, { name, markBytes, isTold }: Encoding, from: number, cause: unknown
): Promise<Error> {
  const decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true })
  let position = 0
  let line = 1
  let last = ''
  const read = (bytes?: Buffer): boolean => {
    const text = bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
    line += countLineEnds(last + text) - countLineEnds(last)
    if (text !== '') last = text.at(-1)!
    return text !== ''
  }
  let begin = markBytes // of a character
  let byte = ''
  try {
    for await (const piece of open()) {
      const bytes = piece.subarray(Math.max(0, markBytes - position))
      position += piece.length - bytes.length
      if (position + bytes.length < from - LONGEST_CHARACTER) {
        read(bytes)
        position += bytes.length
        begin = position
        continue
      }
      for (let at = 0; at < bytes.length; at++) {
        if (begin === position) byte = bytes.toString('hex', at, at + 1)
        const isWhole = read(bytes.subarray(at, at + 1))
        position++
        if (isWhole) begin = position
      }
    }
    read()
  } catch (error) {
    if (!isUndecodable(error)) throw error
  }
  const label = name.startsWith('utf') ? name.toUpperCase() : name
  const why = isTold ? ' as encoding says' : markBytes > 0 && name !== 'utf-8' ? ' as the first bytes say' : ''
  const advice = isTold ? '' : '; save the file as UTF-8 or say its encoding, such as encoding=windows-1252'
  return broken(file, `line ${line} must be ${label} text${why}, got byte 0x${byte} at position ${begin}${advice}`, cause)
}

function countLineEnds (text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0
}

function isUndecodable (error: unknown): boolean {
  return error instanceof Undecodable || (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
}
