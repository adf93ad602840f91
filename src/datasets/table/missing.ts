/** Which cells of a table have no value: empty ones, and words that the upload names. */

export interface MissingWords {
  words: ReadonlySet<string>
  /** those that are numbers: -999 also means -999.0, as programs write it */
  numbers: readonly number[]
}

/** Collects the words that mean no value. */
export function openMissing (words: readonly string[] = []): MissingWords {
  return { words: new Set(words), numbers: words.map(Number).filter((value, i) => words[i] !== '' && Number.isFinite(value)) }
}

/** Whether a cell has no value. @param value  the number that it is, NaN where it is none */
export function isMissing ({ words, numbers }: MissingWords, text: string, value: number): boolean {
  return text === '' || words.has(text) || numbers.includes(value)
}
