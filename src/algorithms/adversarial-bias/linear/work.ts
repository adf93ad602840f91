/** How much work a step of a linear classifier is, where no clock may be read: what paces boundaries. Pure. */
import type { StoredRows } from '../../../optimizers/rows.js'

/** Nanoseconds at the slow end: of a number of a row in both products, of a row's weight, of a step beside its rows. */
const perNumber = 3
const perRow = 60
const perStep = 500
/** Boundaries come after so much work. */
const paceNanoseconds = 1e8

export interface Pace {
  /** steps between two boundaries; 0 where one step is more than that */
  steps: number
  /** rows that are gathered between two boundaries where a step is more */
  rows: number
}

/** @param batch rows of a step */
export function paceOf (rows: StoredRows, batch: number): Pace {
  const row = perRow + perNumber * numbersOfRow(rows)
  return { steps: Math.floor(paceNanoseconds / (perStep + batch * row)), rows: Math.max(1, Math.floor(paceNanoseconds / row)) }
}

function numbersOfRow ({ storage, count, dimensions }: StoredRows): number {
  return storage.form === 'sparse' ? storage.values.length / count : dimensions
}
