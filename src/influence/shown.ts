/** What an example of a data set is, in words: the row of a table, or text. */
import type { Dataset } from '../datasets/dataset.js'
import { toRow } from '../datasets/table/rows.js'
import { toText } from '../datasets/words/tokens.js'
import { sizeOf } from '../math/arrays.js'
import type { ShownExample } from './schemas.js'

/** Shows a training example. @returns undefined where its inputs have neither names nor words */
export function showExample ({ fields: { inputs: field }, train, words }: Dataset, index: number): ShownExample | undefined {
  if (field.type !== 'features' && field.type !== 'tokens') return undefined
  const width = sizeOf(field.shape)
  const values = train.arrays.inputs!.subarray(index * width, (index + 1) * width)
  if (field.type === 'tokens') return words && { text: toText(values, words) }
  const row = toRow(field, values)
  return row && { row }
}
