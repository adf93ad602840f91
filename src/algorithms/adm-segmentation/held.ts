/** Checkpoints of the warm-up, which wait for its end to be stored: a model is of one method, the warm-up of all (checkpoints.ts). */
import { prefix, unprefix, type NamedArrays } from '../../math/arrays.js'
import type { CheckpointEvent } from '../contract.js'

/** What of a checkpoint that waits is JSON. */
export type HeldValues = Omit<CheckpointEvent, 'arrays' | 'moments'> & {
  /** of its arrays, in their order, which a snapshot does not keep */
  names: { arrays: string[], moments: string[] | undefined }
}

/** Splits them into JSON and arrays, for a snapshot. */
export function saveHeld (held: readonly CheckpointEvent[]): { values: HeldValues[], arrays: NamedArrays } {
  const all: NamedArrays = {}
  const values = held.map(({ arrays, moments, ...rest }, i) => {
    Object.assign(all, prefix(`${i}/arrays/`, arrays), prefix(`${i}/moments/`, moments ?? {}))
    return { ...rest, names: { arrays: Object.keys(arrays), moments: moments && Object.keys(moments) } }
  })
  return { values, arrays: all }
}

/** Reads them back. */
export function loadHeld (values: readonly HeldValues[], arrays: NamedArrays): CheckpointEvent[] {
  return values.map(({ names, ...rest }, i) => {
    const load = (what: 'arrays' | 'moments') => {
      const found = unprefix(`${i}/${what}/`, arrays)
      return Object.fromEntries(names[what]!.map(name => [name, found[name]!]))
    }
    return { ...rest, arrays: load('arrays'), ...(names.moments ? { moments: load('moments') } : {}) }
  })
}
