/** Bytes on their way through a reader: pieces are put behind, what was read is dropped in front. */
const LF = 0x0a
const CR = 0x0d

export interface TextBuffer {
  readonly bytes: Buffer
  readonly length: number
  /** line on which they begin, where line ends were dropped */
  readonly line: number
  add (piece: Uint8Array): void
  drop (count: number): void
  /** Drops the empty lines in front. */
  dropLineEnds (): void
}

export function openTextBuffer (room: number): TextBuffer {
  let bytes = Buffer.allocUnsafe(room)
  let length = 0
  let line = 1
  const drop = (count: number): void => {
    bytes.copyWithin(0, count, length)
    length -= count
  }
  return {
    get bytes () { return bytes },
    get length () { return length },
    get line () { return line },
    drop,
    add (piece) {
      if (length + piece.length > bytes.length) {
        const larger = Buffer.allocUnsafe(2 * (length + piece.length))
        larger.set(bytes.subarray(0, length))
        bytes = larger
      }
      bytes.set(piece, length)
      length += piece.length
    },
    dropLineEnds () {
      let at = 0
      for (; at < length && (bytes[at] === LF || bytes[at] === CR); at++) {
        if (bytes[at] === CR) {
          if (at === length - 1) break // it may be half of \r\n
          if (bytes[at + 1] === LF) at++
        }
        line++
      }
      drop(at)
    }
  }
}
