/** Whether a data set is what a kind can work with. */
import { sayField, type Description, type FieldType } from './description.js'

/** What a kind takes by field; none: it may be missing. A field that is not named may be anything. */
export type Accepts = Readonly<Record<string, readonly (FieldType | 'none')[]>>

const article = (word: string): string => /^[aeiou]/.test(word) ? 'an' : 'a'

/** Finds the first field that a kind cannot work with. @returns the rule, and in words what there is */
export function findMisfit ({ fields }: Description, accepts: Accepts): { rule: string, got: string } | undefined {
  for (const [name, types] of Object.entries(accepts)) {
    const field = fields[name]
    if (types.includes(field?.type ?? 'none')) continue
    const what = name === 'inputs' ? 'inputs' : `${article(name)} ${name}`
    return { rule: `must have ${what} of ${types.join(' or ')}`, got: sayField(field) }
  }
  return undefined
}
