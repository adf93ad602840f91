/** The inputs of a table as text: words are counted in the training rows, then every row becomes tokens. */
import type { ReadContext } from '../dataset-file.js'
import type { Pieces } from '../files.js'
import { createWordCounter } from '../words/counter.js'
import { FIRST_WORD, indexWords, toTokens } from '../words/tokens.js'
import { broken } from '../limits.js'
import type { TypedColumn } from './find-types.js'
import { rowsOf, type FileRows, type FirstPass } from './first-pass.js'
import { nameColumn, type Header } from './header.js'
import { openFloats } from './floats.js'
import type { MadeInputs } from './inputs.js'
import { isMissing } from './missing.js'
import type { TableOptions } from './options.js'
import { refuseMissing } from './plan.js'

/**
 * Makes the inputs of all files.
 * @param isTest  marks of the first file's rows that are cut off: their words are not counted
 * @throws AppError invalid_dataset when no word is left, or cells have no text and nobody said what to do
 */
export async function makeText (
  columns: TypedColumn[], files: readonly FileRows[], header: Header, options: TableOptions, context: ReadContext, isTest: Uint8Array
): Promise<MadeInputs> {
  const { vocabulary = 10_000, minimumCount = 2, lowerCase = true, length: told } = options.text ?? {}
  if ((options.missingCells ?? 'refuse') === 'refuse') {
    for (const { profile } of columns) if (profile.firstMissing !== undefined) throw refuseMissing(profile, header)
  }
  const [train] = files as [FileRows]
  const counter = createWordCounter({ lowerCase })
  let row = 0
  for await (const text of textsOf(columns, train.pass)) {
    if (isTest[row++] !== 1) counter.add(text)
  }
  const words = counter.choose({ vocabulary, minimumCount })
  if (words.length === 0) throw broken(train.pass.source.file, `${columns.map(({ profile }) => nameColumn(profile.position, header)).join(', ')} must have words that come ${minimumCount} times or more, got none; text={"minimumCount": 1} takes all`)
  const length = told ?? counter.findLength()
  const inputs: Pieces[] = []
  for (const { pass, count } of files) {
    context.tally.addCells(pass.source.file, Math.max(0, length - pass.profiles.length) * count)
    const rows = openFloats(context.folder)
    const index = indexWords(words)
    for await (const text of textsOf(columns, pass)) rows.addRow(toTokens(text, index, { length, lowerCase }))
    inputs.push(rows.finish())
  }
  const names = columns.map(({ profile: { position } }) => String(header.names?.[position] ?? position))
  const field = { type: 'tokens' as const, shape: [length], vocabulary: words.length + FIRST_WORD, text: { columns: names, lowerCase } }
  return { inputs, field, words, finish: (trainInputs, testInputs) => ({ field, train: trainInputs, test: testInputs, counted: () => [] }) }
}

/** The text of every row: its columns, joined with a blank. */
async function * textsOf (columns: TypedColumn[], pass: FirstPass): AsyncGenerator<string> {
  const places = columns.map(({ profile: { position } }) => pass.places[position]!)
  for await (const { cells, from } of rowsOf(pass.source, pass.header)) {
    for (let row = from; row < cells.rows; row++) {
      yield places.map(place => cells.text(row, place)).filter(text => !isMissing(pass.missing, text, NaN)).join(' ')
    }
  }
}
