/** Splits of equal fields one after the other, as one. */
import type { IncomingSplit } from './dataset-file.js'
import type { Pieces } from './files.js'

/** Joins splits; nothing is read before its pieces are asked for. */
export function concatenate (splits: IncomingSplit[]): IncomingSplit {
  const joined = (field: string): Pieces => function * () {
    for (const { fields } of splits) yield * fields[field]!()
  }
  return {
    count: splits.reduce((count, split) => count + split.count, 0),
    fields: Object.fromEntries(Object.keys(splits[0]!.fields).map(field => [field, joined(field)]))
  }
}
