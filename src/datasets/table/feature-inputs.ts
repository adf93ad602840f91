/** The inputs of a table as numbers: read again where they are not all numbers, filled in where cells have no value. */
import type { ReadContext } from '../dataset-file.js'
import { toInputs } from '../description.js'
import { encodeRows } from './encode.js'
import { fillIn, findFills } from './fills.js'
import type { FileRows } from './first-pass.js'
import type { Header } from './header.js'
import type { MadeInputs } from './inputs.js'
import type { TableOptions } from './options.js'
import { describeSource, isPlain, nameInputs, planInputs } from './plan.js'
import type { TypedColumn } from './find-types.js'
import { countsOf, countWhenRead } from './spread.js'
import { readMoments } from './moments.js'

/** Makes the inputs of all files. @throws AppError invalid_dataset */
export async function makeFeatures (
  columns: TypedColumn[], files: readonly FileRows[], header: Header, options: TableOptions, context: ReadContext
): Promise<MadeInputs> {
  const plan = planInputs(columns, header, options)
  const asRead = isPlain(plan) && plan.columns.length === files[0]!.pass.profiles.length
  const inputs = []
  for (const file of files) {
    if (!asRead) context.tally.addCells(file.pass.source.file, Math.max(0, plan.width - file.pass.profiles.length) * file.count)
    inputs.push(asRead && file.numbers !== undefined ? file.numbers : await encodeRows(plan, file.pass, context.folder))
  }
  const field = toInputs([plan.width], 'float32', isPlain(plan) && header.names === undefined ? undefined : nameInputs(plan))
  return {
    inputs,
    field,
    plan,
    finish (train, test) {
      const counted = plan.columns.map(column => countsOf(column, readMoments(column.profile.moments)))
      const spread = countWhenRead(train, plan.width, counted.flat())
      const fills = options.missingCells === undefined || options.missingCells === 'refuse' ? new Map<number, number>() : findFills(plan, train, options.missingCells)
      return {
        field: isPlain(plan) ? field : { ...field, source: describeSource(plan, fills) } as typeof field,
        train: fillIn(spread.pieces, plan.width, fills),
        test: fillIn(test, plan.width, fills),
        counted () {
          spread.count()
          return counted
        }
      }
    }
  }
}
