/** The text of an uploaded file: UTF-8, or UTF-16 with its byte order mark. What is neither is refused, never repaired. */
import { broken, type UploadedFile } from '../../limits.js'

/**
 * Decodes a file by the piece, without its byte order mark.
 * @throws AppError invalid_dataset naming the line and the byte at which the text ends to be one
 */
export async function * decodeText (file: UploadedFile, pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const source = pieces[Symbol.asyncIterator]()
  try {
    let { value: first = Buffer.alloc(0), done } = await source.next() as IteratorResult<Buffer>
    while (!done && first.length < 3) {
      const next = await source.next()
      done = next.done === true
      if (!done) first = Buffer.concat([first, next.value as Buffer])
    }
    const encoding = ['utf-16le', 'utf-16be'].find((_, i) => first[i] === 0xff && first[1 - i] === 0xfe)
    const rest = prepend(first.subarray(encoding ? 2 : first.indexOf(BOM) === 0 ? 3 : 0), source)
    yield * encoding ? decodeUtf16(file, rest, encoding) : decodeUtf8(file, rest)
  } finally {
    await source.return?.()
  }
}

const BOM = Buffer.of(0xef, 0xbb, 0xbf)

async function * prepend (first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

async function * decodeUtf16 (file: UploadedFile, pieces: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
  try {
    for await (const piece of pieces) yield decoder.decode(piece, { stream: true })
    yield decoder.decode()
  } catch (error) {
    if (!isUndecodable(error)) throw error
    throw broken(file, `the text must be ${encoding.toUpperCase()} as its first bytes say, got something else`, error)
  }
}

async function * decodeUtf8 (file: UploadedFile, pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let pending: Buffer = Buffer.alloc(0)
  let position = 0
  let line = 1
  const decode = (bytes: Buffer): string => {
    try {
      return decoder.decode(bytes)
    } catch (error) {
      const at = findUndecodable(bytes)
      const got = `byte 0x${bytes.toString('hex', at, at + 1)} at position ${position + at}`
      throw broken(file, `line ${line + countLines(bytes.subarray(0, at))} must be UTF-8 text, got ${got}; save the file as UTF-8`, error)
    }
  }
  for await (const piece of pieces) {
    const bytes = pending.length > 0 ? Buffer.concat([pending, piece]) : piece
    const whole = bytes.subarray(0, endOfCharacters(bytes))
    yield decode(whole)
    position += whole.length
    line += countLines(whole)
    pending = bytes.subarray(whole.length)
  }
  yield decode(pending)
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

/** A decoder that goes on writes U+FFFD where it cannot: encoded again, the text differs there for the first time. */
function findUndecodable (bytes: Buffer): number {
  const repaired = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  return bytes.findIndex((byte, i) => byte !== repaired[i])
}

/** Ends of lines: \n, \r and \r\n are one each. */
function countLines (bytes: Buffer): number {
  let lines = 0
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === 0x0d || (bytes[i] === 0x0a && bytes[i - 1] !== 0x0d)) lines++
  }
  return lines
}

function isUndecodable (error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
}
