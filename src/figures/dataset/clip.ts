/** Shortens a text that a figure has no room for. */

/** @returns the text, or its begin and an ellipsis; what is empty is called so */
export function clip (text: string, length: number): string {
  const letters = Array.from(text)
  if (letters.length > length) return `${letters.slice(0, length - 1).join('')}…`
  return text === '' ? '(empty)' : text
}
