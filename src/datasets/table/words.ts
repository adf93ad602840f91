/** Counts the words of a column, as many as memory allows: categories are made of them, and reports. */
import { detach } from './header.js'

export interface WordCount { train: number, test: number }

export interface Words {
  counts: Map<string, WordCount>
  /** there were more different words than are counted */
  isFull: boolean
}

/** Different words of a column; what has more is no category. */
const MAX_WORDS = 20_000
/** Characters of the words of all columns together: 64 MB. */
const MAX_CHARACTERS = 32 * 1024 * 1024

/** What is left for the words of all columns of an upload. */
export interface WordBudget { characters: number }

/** Opens the budget of an upload. */
export function openWordBudget (): WordBudget {
  return { characters: MAX_CHARACTERS }
}

/** Opens a count. */
export function openWords (): Words {
  return { counts: new Map(), isFull: false }
}

/** Counts a word of one of the splits. @returns whether it was counted before */
export function addWord (words: Words, text: string, split: 'train' | 'test', budget: WordBudget): boolean {
  const known = words.counts.get(text)
  if (known !== undefined) {
    known[split]++
    return true
  }
  if (words.counts.size >= MAX_WORDS || text.length > budget.characters) {
    words.isFull = true
    return false
  }
  budget.characters -= text.length
  words.counts.set(detach(text), { train: split === 'train' ? 1 : 0, test: split === 'test' ? 1 : 0 })
  return false
}
