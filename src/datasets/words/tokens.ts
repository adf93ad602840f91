/** Text as tokens and back. Token 0 fills up short texts, 1 is any word without a token of its own, the words follow from 2 on. */
import { splitWords } from './split-words.js'

export const PADDING = 0
export const UNKNOWN = 1
export const FIRST_WORD = 2
/** Stands for an unknown word when tokens are shown as text. */
export const UNKNOWN_SIGN = '[?]'

/** The token of every word: what toTokens looks words up in. */
export type WordIndex = ReadonlyMap<string, number>

/** Makes the index of a vocabulary. @param words of the tokens from 2 on */
export function indexWords (words: readonly string[]): WordIndex {
  return new Map(words.map((word, place) => [word, place + FIRST_WORD]))
}

/**
 * Makes tokens of a text.
 * @param options.length  how many: longer texts are cut, shorter ones padded at the end
 * @returns [length]; a new array
 */
export function toTokens (
  text: string, index: WordIndex, { length, lowerCase }: { length: number, lowerCase: boolean }
): Int32Array<ArrayBuffer> {
  const tokens = new Int32Array(length) // of PADDING
  splitWords(text, { lowerCase }).slice(0, length).forEach((word, at) => { tokens[at] = index.get(word) ?? UNKNOWN })
  return tokens
}

/** Makes text of tokens: words with blanks between them, [?] for unknown ones, nothing for padding. @param words of the tokens from 2 on */
export function toText (tokens: ArrayLike<number>, words: readonly string[]): string {
  return Array.from(tokens).filter(token => token !== PADDING).map(token => words[token - FIRST_WORD] ?? UNKNOWN_SIGN).join(' ')
}
