/**
 * Reads what Python writes for strings, whole numbers, True, False, None, tuples, lists and dicts: the header of a NumPy
 * file. Nothing is evaluated.
 */

export type Literal = string | number | boolean | null | Literal[] | { [key: string]: Literal }

/** Of brackets in each other: a dtype within a dtype has a few. */
const DEEPEST = 20
const TOKEN = /\s*(?:([[\](){},:])|'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|(-?\d{1,16})L?(?![\w.])|(True|False|None)(?!\w))/y
const words: Record<string, boolean | null> = { True: true, False: false, None: null }

/** Reads one literal that is the whole text. @throws Error saying at which character the text ends to be one */
export function parseLiteral (text: string): Literal {
  let at = 0
  let token: RegExpExecArray | null = null

  function next (): void {
    TOKEN.lastIndex = at
    token = TOKEN.exec(text)
    if (token === null) throw unexpected()
    at = TOKEN.lastIndex
  }

  function unexpected (): Error {
    return new Error(`a Python literal is broken at character ${token?.index ?? at}`)
  }

  const isSign = (sign: string): boolean => token?.[1] === sign

  /** Reads what begins with the present token. */
  function read (depth: number): Literal {
    if (token === null || depth > DEEPEST) throw unexpected()
    const [, sign, single, double, digits, word] = token as (string | undefined)[]
    if (single !== undefined || double !== undefined) return (single ?? double)!.replace(/\\(.)/g, '$1')
    if (digits !== undefined) return Number(digits)
    if (word !== undefined) return words[word]!
    if (sign === '(') return readItems(')', depth)
    if (sign === '[') return readItems(']', depth)
    if (sign === '{') return readDict(depth)
    throw unexpected()
  }

  function readItems (end: string, depth: number): Literal[] {
    const items: Literal[] = []
    for (next(); !isSign(end); next()) {
      items.push(read(depth + 1))
      next()
      if (isSign(end)) break
      if (!isSign(',')) throw unexpected()
    }
    return items
  }

  function readDict (depth: number): Literal {
    const entries: [string, Literal][] = []
    for (next(); !isSign('}'); next()) {
      const key = read(depth + 1)
      next()
      if (typeof key !== 'string' || !isSign(':')) throw unexpected()
      next()
      entries.push([key, read(depth + 1)])
      next()
      if (isSign('}')) break
      if (!isSign(',')) throw unexpected()
    }
    return Object.fromEntries(entries)
  }

  next()
  const literal = read(0)
  if (text.slice(at).trim() !== '') throw unexpected()
  return literal
}
