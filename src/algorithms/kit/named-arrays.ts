/** Named arrays of several parts of a run in one snapshot: each part's names get a prefix. */
import type { NamedArrays } from '../../math/arrays.js'

/** Puts text before every name. */
export function prefix (text: string, arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [text + name, array]))
}

/** The arrays whose names begin with text, by the rest of their names. */
export function unprefix (text: string, arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(Object.entries(arrays)
    .filter(([name]) => name.startsWith(text))
    .map(([name, array]) => [name.slice(text.length), array]))
}
