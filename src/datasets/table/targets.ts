/** The target of every row: the class's code, in memory, or numbers, in a spool. */
import { inMemory, type ReadContext } from '../dataset-file.js'
import type { Pieces } from '../files.js'
import { broken, show, type UploadedFile } from '../limits.js'
import { openFloats } from './floats.js'
import { checkName, detach, nameColumn, type Header } from './header.js'
import { isMissing, type MissingWords } from './missing.js'
import { isPlain, openPairSums, takePairSums } from './moments.js'
import { EXACT_BELOW } from './numbers.js'
import type { TableOptions } from './options.js'
import { addNumberCell, addNumberText, needsOnlySums, type ColumnProfile, type Reading } from './profile.js'
import type { Cells } from './source.js'

/** Codes by the text of a class, in the order in which they come; its renamed texts are not in it. */
export interface ClassCodes {
  codes: Map<string, number>
  renames: Readonly<Record<string, string>>
  /** those of renames that came */
  renamed: Set<string>
}

export interface TargetReader {
  /** Reads the targets of rows. @param aims  where each one's code goes, or its first number @throws AppError invalid_dataset */
  read (cells: Cells, from: number, aims: Float64Array): void
  finish (): { pieces: Pieces, codes: Int32Array | undefined }
}

/** What a file's targets are read with. */
interface TargetTask { file: UploadedFile, header: Header, places: number[], missing: MissingWords, context: ReadContext, counting: Omit<Reading, 'file'> }

/** Opens the codes of an upload. */
export function openClassCodes ({ renameClasses = {} }: TableOptions): ClassCodes {
  return { codes: new Map(), renames: renameClasses, renamed: new Set() }
}

/**
 * Reads classes.
 * @param isTold  whether the upload says that the column has them
 * @param mayAdd  whether a class may be new: those of the training file may
 */
export function readClasses (
  task: TargetTask, { column, isTold }: { column: number, isTold: boolean }, classes: ClassCodes, mayAdd: boolean
): TargetReader {
  const { file, header, places, missing } = task
  const growing = openCodes()
  const where = (cells: Cells, row: number): string => `line ${cells.lineOf(row)}, ${nameColumn(column, header)}`
  const add = (text: string, cells: Cells, row: number): number => {
    if (!mayAdd) throw broken(file, `${where(cells, row)} must be a class of the training file, got ${show(text)}; renameClasses gives it another name`)
    checkName(file, text, where(cells, row))
    classes.codes.set(detach(text), classes.codes.size)
    const cure = isTold ? '' : 'the last column has classes where nothing is said; say labelColumn, or targetColumns for numbers: '
    task.context.tally.checkClasses(file, classes.codes.size, `${where(cells, row)}, ${show(text)}: ${cure}`)
    return classes.codes.size - 1
  }
  const readOne = (cells: Cells, row: number): number => {
    let text = cells.text(row, places[column]!)
    if (isMissing(missing, text, NaN)) throw broken(file, `${where(cells, row)} must name a class, got ${show(text)}`)
    if (Object.hasOwn(classes.renames, text)) {
      classes.renamed.add(text)
      text = classes.renames[text]!
    }
    return classes.codes.get(text) ?? add(text, cells, row)
  }
  return {
    read (cells, from, aims) {
      for (let row = from; row < cells.rows; row++) growing.add(aims[row] = readOne(cells, row))
    },
    finish () {
      const codes = growing.finish()
      return { pieces: inMemory(codes), codes }
    }
  }
}

/**
 * Reads numbers to predict.
 * @param profiles  of their columns, which are counted
 * @param mayRound  columns whose integers may be rounded, because they were told to be numbers
 */
export function readValues (task: TargetTask, profiles: readonly ColumnProfile[], mayRound: ReadonlySet<number>): TargetReader {
  const { file, header, places, missing, context, counting } = task
  const floats = openFloats(context.folder)
  const refuse = (cells: Cells, row: number, column: number): never => {
    const text = cells.text(row, places[column]!)
    throw broken(file, `line ${cells.lineOf(row)}, ${nameColumn(column, header)} is predicted and must be a finite number, got ${show(text)}`)
  }
  const readOne = (cells: Cells, row: number, profile: ColumnProfile): number => {
    const column = profile.position
    const value = cells.number(row, places[column]!)
    if (!Number.isFinite(Math.fround(value)) || missing.numbers.includes(value)) refuse(cells, row, column)
    if (addNumberCell(profile, value, 0)) {
      addNumberText(profile, value, { file, line: cells.lineOf(row), text: cells.text(row, places[column]!) }, { file, ...counting })
    }
    if (profile.firstRounded !== undefined && !mayRound.has(column)) throw broken(file, sayRounded(`line ${cells.lineOf(row)}, ${nameColumn(column, header)}`, profile.firstRounded.text))
    return value
  }
  const places32 = Int32Array.from(profiles, ({ position }) => places[position]!)
  /** Adds rows of which nothing but sums is to be found out. @returns whether they were such */
  const addSums = (cells: Cells, from: number, aims: Float64Array): boolean => {
    if (cells.gather === undefined || missing.numbers.length > 0 || !profiles.every(needsOnlySums)) return false
    const sums = openPairSums(profiles.map(({ moments }) => moments))
    const rounded = cells.gather(places32, from, sums)
    if (!profiles.every((_, i) => isPlain(sums, i))) return false
    profiles.forEach(({ moments }, i) => { takePairSums(moments, sums, i, cells.rows - from) })
    floats.addRow(rounded)
    cells.numbers(places32[0]!, from, aims.subarray(from))
    return true
  }
  return {
    read (cells, from, aims) {
      if (addSums(cells, from, aims)) return
      for (let row = from; row < cells.rows; row++) {
        profiles.forEach((profile, i) => {
          const value = readOne(cells, row, profile)
          floats.add(value)
          if (i === 0) aims[row] = value
        })
      }
    },
    finish: () => ({ pieces: floats.finish(), codes: undefined })
  }
}

/** The rule that an integer breaks that float32 does not hold, and the ways out. */
export function sayRounded (where: string, text: string): string {
  return `${where} must be an integer that float32 holds (all are up to ${EXACT_BELOW}), got ${show(text)}, which would become ${BigInt(Math.fround(Number(text)))}; ` +
    'subtract an offset or divide, or let columns say what it is: number (rounded), category, id or ignore'
}

/** Puts the names of the classes in order, as numbers if all are, and the codes with them. */
export function sortClasses ({ codes }: ClassCodes, all: Int32Array[]): string[] {
  const names = sortWords([...codes.keys()])
  const places = new Int32Array(names.length)
  names.forEach((name, place) => { places[codes.get(name)!] = place })
  for (const labels of all) labels.forEach((code, row) => { labels[row] = places[code]! })
  return names
}

/** Sorts words, as numbers if all are. */
export function sortWords (words: string[]): string[] {
  const areNumbers = words.every(word => Number.isFinite(Number(word)))
  return areNumbers ? words.sort((a, b) => Number(a) - Number(b)) : words.sort()
}

/** Codes of rows, as many as come. */
export function openCodes (): { add (code: number): void, finish (): Int32Array } {
  let codes = new Int32Array(1024)
  let count = 0
  return {
    add (code) {
      if (count === codes.length) {
        const larger = new Int32Array(codes.length * 2)
        larger.set(codes)
        codes = larger
      }
      codes[count++] = code
    },
    finish: () => codes.subarray(0, count)
  }
}
