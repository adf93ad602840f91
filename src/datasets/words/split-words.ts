/** Cuts text into words. A leaf: uploads, questions about models and examples that are shown cut alike. */

/**
 * Letters, marks and digits of any script; an apostrophe between them belongs to the word ("don't"), all else parts words.
 * Scripts that put no blanks between words give one word a character.
 */
const alone = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}'
const part = `(?:(?![${alone}])[\\p{L}\\p{M}\\p{N}])+`
const WORD = new RegExp(`[${alone}]\\p{M}*|${part}(?:'${part})*`, 'gu')

/**
 * Gives the words of a text in their order, in Unicode's composed form (NFC), with ' for every apostrophe.
 * No word has blanks or control characters.
 */
export function splitWords (text: string, { lowerCase }: { lowerCase: boolean }): string[] {
  const plain = text.normalize('NFC').replaceAll('\u2019', "'")
  return (lowerCase ? plain.toLowerCase() : plain).match(WORD) ?? []
}
