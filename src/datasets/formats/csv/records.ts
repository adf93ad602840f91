/**
 * Splits CSV text into records as RFC 4180 says, read by the piece: cells between delimiters, trimmed; in quotes a cell
 * may hold delimiters, line ends and doubled quotes. Lines end with \n, \r\n or \r, mixed as they come; empty ones are
 * left out. A record that is not whole waits for the next piece, so memory is bounded by the longest record.
 */
import { broken, show, type UploadedFile } from '../../limits.js'

/** A hundred thousand columns fit; a quote that is never closed does not take the rest of the file. */
const LONGEST_RECORD = 4 * 1024 * 1024

const QUOTE = 0x22
const LF = 0x0a
const CR = 0x0d

export interface CsvRecord {
  cells: string[]
  /** line on which it begins, 1-based */
  line: number
}

/**
 * Gives the records of a text, in arrays as they come.
 * @throws AppError invalid_dataset naming the line
 */
export async function * readRecords (file: UploadedFile, pieces: AsyncIterable<string>): AsyncGenerator<CsvRecord[]> {
  let text = ''
  let line = 1
  let delimiter: string | undefined
  for await (const piece of pieces) {
    text += piece
    if (delimiter === undefined && /[^\r\n]/.test(text)) {
      checkLength(file, text.length, line)
      if (!/[^\r\n][\r\n]/.test(text)) continue
      delimiter = findDelimiter(text)
    }
    const { records, end, lines } = split(file, text, delimiter ?? ',', line, false)
    yield records
    text = text.slice(end)
    line += lines
    checkLength(file, text.length, line)
  }
  yield split(file, text, delimiter ?? findDelimiter(text), line, true).records
}

interface Found { records: CsvRecord[], end: number, lines: number }

/** Splits what is whole. @param isAll whether the text ends here @returns the records, and where and on which line the rest begins */
function split (file: UploadedFile, text: string, delimiter: string, firstLine: number, isAll: boolean): Found {
  const comma = delimiter.charCodeAt(0)
  const records: CsvRecord[] = []
  let lines = 0
  let end = 0 // of the last whole record
  let at = 0
  while (at < text.length) {
    const cells: string[] = []
    let inside = 0 // line ends within quotes
    let isOver = false
    while (!isOver) {
      at = skipBlanks(text, at, comma)
      let cell
      if (text.charCodeAt(at) === QUOTE) {
        const close = findClosingQuote(text, at)
        if (close < 0 && isAll) throw broken(file, `line ${firstLine + lines}: a quote must be closed, got the end of the file`)
        if (close < 0 || (close === text.length - 1 && !isAll)) return { records, end, lines }
        cell = text.slice(at + 1, close)
        inside += countLineEnds(cell)
        cell = cell.replaceAll('""', '"')
        at = skipBlanks(text, close + 1, comma)
        const next = text.charCodeAt(at)
        if (at < text.length && next !== comma && next !== LF && next !== CR) {
          throw broken(file, `line ${firstLine + lines + inside}: a closing quote must end its cell, got ${show(text.slice(at, at + 20))} after it`)
        }
      } else {
        const begin = at
        let code = text.charCodeAt(at)
        while (at < text.length && code !== comma && code !== LF && code !== CR) {
          if (code === QUOTE) throw broken(file, `line ${firstLine + lines}: a quote must begin its cell, got ${show(text.slice(Math.max(begin, at - 20), at + 1))}`)
          code = text.charCodeAt(++at)
        }
        let last = at
        while (last > begin && isBlank(text.charCodeAt(last - 1), comma)) last--
        cell = text.slice(begin, last)
      }
      cells.push(cell)
      // At the end of what is there a \r may be half of \r\n, and a cell may be half of one.
      if (!isAll && (at >= text.length || (at === text.length - 1 && text.charCodeAt(at) === CR))) return { records, end, lines }
      isOver = text.charCodeAt(at) !== comma
      at++
    }
    if (text.charCodeAt(at - 1) === CR && text.charCodeAt(at) === LF) at++
    if (cells.length > 1 || cells[0] !== '') records.push({ cells, line: firstLine + lines })
    lines += 1 + inside
    end = at
  }
  return { records, end, lines }
}

function skipBlanks (text: string, at: number, comma: number): number {
  while (isBlank(text.charCodeAt(at), comma)) at++
  return at
}

/** Spaces and tabs around a cell are no part of it; a tab may be the delimiter. */
function isBlank (code: number, comma: number): boolean {
  return (code === 0x20 || code === 0x09) && code !== comma
}

/** @returns where the quote that closes the one at `open` stands, -1 if it is not there */
function findClosingQuote (text: string, open: number): number {
  for (let at = open + 1; ; at += 2) {
    at = text.indexOf('"', at)
    if (at < 0 || text.charCodeAt(at + 1) !== QUOTE) return at
  }
}

function countLineEnds (text: string): number {
  return /[\r\n]/.test(text) ? text.split(/\r\n|\n|\r/).length - 1 : 0
}

/** The one of , ; and tab that is most frequent in the first line. */
function findDelimiter (text: string): string {
  const line = /^[\r\n]*([^\r\n]*)/.exec(text)![1]!
  const count = (delimiter: string) => line.split(delimiter).length
  return [',', ';', '\t'].reduce((best, delimiter) => count(delimiter) > count(best) ? delimiter : best)
}

function checkLength (file: UploadedFile, length: number, line: number): void {
  if (length > LONGEST_RECORD) throw broken(file, `line ${line} must have at most ${LONGEST_RECORD} characters, got more; is a quote not closed?`)
}
