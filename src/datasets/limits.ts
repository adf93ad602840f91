/** How large one upload may become, whatever its size on the way here: counted while it is read, so that it ends early. */
import { AppError } from '../errors.js'
import { createCounter } from './counter.js'

/** A file of an upload: where it was put for the moment, and what its owner calls it. */
export interface UploadedFile { path: string, name: string }

/** The settings of src/config.ts that bound what an upload becomes, over all its files. */
export interface UploadLimits {
  /** bytes of its files, unpacked: a gigabyte of zeros is a megabyte of gzip */
  maxUnpackedBytes: number
  /** examples, to train on and to test on together */
  maxRows: number
  /** numbers of all examples together */
  maxCells: number
  maxClasses: number
}

/** Those of a pool that is given generators only. */
export const noUploads: UploadLimits = { maxUnpackedBytes: 0, maxRows: 0, maxCells: 0, maxClasses: 0 }

/** Adds up what the files of one upload become. Every method throws AppError invalid_dataset when its bound is passed. */
export interface Tally {
  addBytes (file: UploadedFile, bytes: number): void
  addRows (file: UploadedFile, rows: number): void
  addCells (file: UploadedFile, cells: number): void
  /** Adds some rows of so many numbers each. @param lineOf  of a row, from 0 on */
  addLines (file: UploadedFile, rows: number, width: number, lineOf: (row: number) => number): void
  /** @param classes how many there are now @param where "line 3, column 1: " */
  checkClasses (file: UploadedFile, classes: number, where?: string): void
}

const LONGEST_SHOWN = 100

/** Begins to count. @param told  of createCounter: where others can see how far it is */
export function createTally (limits: UploadLimits, told = createCounter()): Tally {
  const count = new Float64Array(told)
  let bytes = 0
  let rows = 0
  let cells = 0
  const addRows = (file: UploadedFile, more: number, line?: number): void => {
    count[1] = rows += more
    if (rows > limits.maxRows) throw beyond(file, sayLine(line), `${limits.maxRows} rows (MAX_ROWS)`, rows)
  }
  const addCells = (file: UploadedFile, more: number, line?: number): void => {
    cells += more
    if (cells > limits.maxCells) throw beyond(file, sayLine(line), `${limits.maxCells} numbers (MAX_CELLS)`, cells)
  }
  return {
    addBytes (file, more) {
      count[0] = bytes += more
      if (bytes > limits.maxUnpackedBytes) throw beyond(file, '', `${limits.maxUnpackedBytes} bytes when unpacked (MAX_UNPACKED_BYTES)`, 'more')
    },
    addRows,
    addCells,
    addLines (file, more, width, lineOf) {
      if (more === 0) return
      const fitting = Math.min(limits.maxRows - rows, width === 0 ? Infinity : Math.floor((limits.maxCells - cells) / width))
      const counted = Math.min(more, fitting + 1) // the one too many is told by its line
      addRows(file, counted, lineOf(counted - 1))
      addCells(file, counted * width, lineOf(counted - 1))
    },
    checkClasses (file, classes, where = '') {
      if (classes > limits.maxClasses) throw beyond(file, where, `${limits.maxClasses} classes (MAX_CLASSES)`, classes)
    }
  }
}

/** The error for a file that breaks a rule: `file "NAME": what must be, got ...`. */
export function broken (file: UploadedFile, rule: string, cause?: unknown): AppError {
  return new AppError('invalid_dataset', `file ${JSON.stringify(file.name)}: ${rule}`, {}, { cause })
}

/** A text from a file as messages show it: in quotes, and not for ever. */
export function show (text: string): string {
  return text.length > LONGEST_SHOWN ? `${JSON.stringify(text.slice(0, LONGEST_SHOWN))}… (${text.length} characters)` : JSON.stringify(text)
}

function sayLine (line: number | undefined): string {
  return line === undefined ? '' : `line ${line}: `
}

function beyond (file: UploadedFile, where: string, bound: string, got: number | string): AppError {
  return broken(file, `${where}an upload must have at most ${bound}, got ${got}`)
}
