/**
 * A text in a kernel's memory, and what is known of its cells: laid out here as Split of kernels/assembly/split.ts says,
 * split in any thread that has kernels on that memory. Next hop: splitter.ts, which reads what came of it.
 */
import { align } from '../../../math/web-assembly.js'
import type { Kernels } from '../../kernels/kernels.js'

/** Fields of Split, in the order of assembly/split.ts, and why splitting ended. */
export const FIELD = {
  text: 0,
  length: 1,
  endsWith: 2,
  separator: 3,
  quote: 4,
  point: 5,
  width: 6,
  line: 7,
  end: 8,
  room: 9,
  starts: 10,
  ends: 11,
  values: 12,
  lines: 13,
  rows: 14,
  at: 15,
  start: 16,
  faultLine: 17,
  count: 18,
  why: 19,
  cells: 20
} as const
const FIELDS = 21

/** What a text ends with. */
export const ENDS_WITH = { anything: 0, file: 1, row: 2 } as const
export type EndsWith = keyof typeof ENDS_WITH

/** Why splitting ended, where it is not a fault. */
const FULL = 1

const QUICK_CELLS = 32 * 1024
/** Behind a text: a line end, and what is looked at together. */
const SLACK = 80

/** The fields where they lie. */
export function fieldsIn (kernels: Kernels): Int32Array {
  return new Int32Array(kernels.memory.buffer, kernels.heapBase(), FIELDS)
}

/** Room for a text of so many bytes: it begins where the one before did, and what is there of that stays. */
export function openText (kernels: Kernels, bytes: number): Buffer {
  const text = align(kernels.heapBase() + 4 * FIELDS)
  kernels.reserve(text + bytes + SLACK)
  return Buffer.from(kernels.memory.buffer, text, bytes)
}

/** The bytes of the text, with what is behind it. */
export function textIn (kernels: Kernels): Buffer {
  const fields = fieldsIn(kernels)
  return Buffer.from(kernels.memory.buffer, fields[FIELD.text], fields[FIELD.length]! + SLACK)
}

/** How a file is written, each as a byte; quote is -1 where there is none. */
export interface Dialect { separator: number, quote: number, point: number }

/** A text: cells of a row (0 where the first one tells), line on which it begins, bytes, what it ends with. */
export interface Text { width: number, line: number, length: number, endsWith: EndsWith }

/** Lays out the cells behind a text, as many as were needed before. */
export function layOut (kernels: Kernels, { separator, quote, point }: Dialect, { width, line, length, endsWith }: Text): void {
  const text = openText(kernels, length).byteOffset
  const room = Math.max(QUICK_CELLS, fieldsIn(kernels)[FIELD.room]!)
  fieldsIn(kernels).set([text, length, ENDS_WITH[endsWith], separator, quote, point, width, line, 0])
  makeRoom(kernels, room)
}

/** Forgets how much room the last text needed. */
export function forgetRoom (kernels: Kernels): void {
  fieldsIn(kernels)[FIELD.room] = 0
}

/** Where there is memory again behind what is known of the cells. */
export function endOfCells (kernels: Kernels): number {
  const fields = fieldsIn(kernels)
  return align(fields[FIELD.starts]! + 12 * fields[FIELD.room]!)
}

/**
 * Splits what was laid out: all of it, or as much as there is room for.
 * @param wantsAll  whether to make room for all; else for one row at least
 */
export function splitText (kernels: Kernels, wantsAll: boolean): void {
  const [width, line, end] = [FIELD.width, FIELD.line, FIELD.end].map(field => fieldsIn(kernels)[field]!) as [number, number, number]
  for (;;) {
    const why = kernels.split(kernels.heapBase())
    const fields = fieldsIn(kernels)
    fields[FIELD.why] = why
    if (why !== FULL || !(wantsAll || fields[FIELD.rows] === 0)) return
    fields[FIELD.width] = width
    fields[FIELD.line] = line
    fields[FIELD.end] = end
    makeRoom(kernels, 2 * fields[FIELD.room]!)
  }
}

function makeRoom (kernels: Kernels, room: number): void {
  const { [FIELD.text]: text = 0, [FIELD.length]: length = 0 } = fieldsIn(kernels)
  const values = align(text + length + SLACK)
  const starts = values + 8 * room
  fieldsIn(kernels).set([room, starts, starts + 4 * room, values, starts + 8 * room], FIELD.room)
  kernels.reserve(endOfCells(kernels))
}
