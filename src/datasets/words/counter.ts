/**
 * Counts the words of many texts, to choose a vocabulary and a length: the first of two passes over an upload. Memory is
 * bounded whatever is counted. The second pass: toTokens in tokens.ts.
 */
import { LONGEST_FOUND } from './options.js'
import { splitWords } from './split-words.js'

export interface WordCounter {
  /** Counts the words of a text. @returns how many there are */
  add (text: string): number
  /**
   * Chooses the words that get a token of their own: the most frequent ones, those of equal frequency by their code units.
   * @param options.vocabulary    tokens at most, with the two that are no words
   * @param options.minimumCount  how often a word must have come
   * @returns the word of token 2, 3, ...; none when no word came so often
   */
  choose (options: { vocabulary: number, minimumCount: number }): string[]
  /** The fewest tokens that are enough for 99 % of the texts, 1 .. 512. */
  findLength (): number
  /** What was counted so far. */
  readonly totals: Readonly<WordTotals>
}

export interface WordTotals {
  texts: number
  words: number
  /**
   * Rare words are forgotten when there are too many different ones: a word's count may be too low by this, never too
   * high. 0: all counts are exact.
   */
  missed: number
}

/** Different words in memory: some 100 bytes each. */
const MAX_WORDS = 500_000
/** What is longer is no word that anybody writes twice; it stays unknown. */
const LONGEST_WORD = 100
/** Of the texts, that must fit in whole. */
const FITTING = 0.99

/**
 * Begins to count.
 * Source of the bound: Manku, Motwani 2002, "Approximate frequency counts over data streams" (lossy counting).
 * @param options.maxWords  different words that are kept in memory
 */
export function createWordCounter ({ lowerCase, maxWords = MAX_WORDS }: { lowerCase: boolean, maxWords?: number }): WordCounter {
  const counts = new Map<string, number>()
  const lengths = new Uint32Array(LONGEST_FOUND + 1) // the last one has all that are as long or longer
  const totals: WordTotals = { texts: 0, words: 0, missed: 0 }

  function count (word: string): void {
    if (word.length > LONGEST_WORD) return
    const known = counts.get(word)
    if (known !== undefined) {
      counts.set(word, known + 1)
      return
    }
    counts.set(detach(word), 1)
    if (counts.size > maxWords) forgetRare()
  }

  /** Takes one off every count until a tenth of the room is free. */
  function forgetRare (): void {
    while (counts.size > maxWords * 0.9) {
      totals.missed++
      for (const [word, n] of counts) {
        if (n > 1) counts.set(word, n - 1)
        else counts.delete(word)
      }
    }
  }

  return {
    totals,
    add (text) {
      const words = splitWords(text, { lowerCase })
      words.forEach(count)
      totals.texts++
      totals.words += words.length
      lengths[Math.min(words.length, LONGEST_FOUND)]!++
      return words.length
    },
    choose ({ vocabulary, minimumCount }) {
      // Whoever may have come often enough stays: a count is too low by `missed` at most.
      const frequent = [...counts].filter(([, n]) => n + totals.missed >= minimumCount)
      frequent.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      return frequent.slice(0, vocabulary - 2).map(([word]) => word)
    },
    findLength () {
      let fitting = 0
      const length = lengths.findIndex(texts => (fitting += texts) >= totals.texts * FITTING)
      return Math.max(1, length)
    }
  }
}

/** A copy that does not keep the text alive of which it was a part. */
function detach (part: string): string {
  return Buffer.from(part).toString()
}
