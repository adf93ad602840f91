/**
 * Data sets of tables, whatever their files are. The first line gives names (header.ts), the upload gives roles (roles.ts);
 * a first pass gathers what columns have (first-pass.ts), from which their types are found (find-types.ts); a second one
 * makes numbers (feature-inputs.ts) or tokens (text-inputs.ts) of them. A test split is cut off where no file brings it.
 */
import { inMemory, type IncomingDataset, type IncomingSplit, type ReadContext } from '../dataset-file.js'
import type { Pieces } from '../files.js'
import type { Fields } from '../description.js'
import type { DatasetReport } from '../report.js'
import { cutTest, type SplitOptions } from '../split.js'
import { chooseInputs } from './choose-inputs.js'
import { makeFeatures } from './feature-inputs.js'
import { findType } from './find-types.js'
import type { FileRows } from './first-pass.js'
import { readFloats } from './floats.js'
import { matchHeader, readHeader } from './header.js'
import type { FinishedInputs, MadeInputs } from './inputs.js'
import type { TableOptions } from './options.js'
import { checkFirstLine, readFiles, type TableReading } from './read-files.js'
import { reportTable, type Splits } from './report-table.js'
import { assignRoles } from './roles.js'
import type { TableSource } from './source.js'
import { makeText } from './text-inputs.js'

/** The files of a table. */
export interface TableFiles { train: TableSource, test?: TableSource }

/** Makes a data set of a table. @throws AppError invalid_dataset naming the file, the line, the column and the rule */
export async function prepareTable (
  files: TableFiles, options: TableOptions & SplitOptions, context: ReadContext
): Promise<IncomingDataset> {
  const { train } = files
  const header = await readHeader(train, options)
  const roles = assignRoles(train, header, options)
  const matched = files.test && { source: files.test, ...matchHeader(files.test, { file: train.file, header }, options) }
  const reading = await readFiles({ train, header, roles, options, context }, matched)
  const columns = reading.profiles.map(profile => findType(train.file, profile, roles.told.get(profile.position), header))
  const chosen = chooseInputs(train.file, columns, header)
  const made = chosen.type === 'text'
    ? await makeText(chosen.columns, reading.files, header, options, context, markTestRows(reading, options))
    : await makeFeatures(chosen.columns, reading.files, header, options, context)
  checkFirstLine(train, header, roles, reading.files[0]!)
  const { splits, finished } = finish(reading, made, options)
  const fields: Fields = { inputs: finished.field, target: reading.target }
  let report: DatasetReport | undefined
  return {
    description: { fields, counts: { train: splits.train.count, test: splits.test.count } },
    ...splits,
    ...(made.words ? { words: made.words } : {}),
    /** Whoever asks for it when the splits were read spares one reading. */
    get report () { return (report ??= reportTable({ header, roles, columns, chosen, reading, made, finished, splits })) }
  }
}

/** Cuts off a test split where there is no file of it, and ends what depends on the training rows. */
function finish (reading: TableReading, made: MadeInputs, options: SplitOptions): { splits: Splits, finished: FinishedInputs } {
  const [train, test] = reading.files.map(({ count, target }, i): IncomingSplit => ({ count, fields: { inputs: made.inputs[i]!, target } }))
  const fields: Fields = { inputs: made.field, target: reading.target }
  const cut = test === undefined ? cutOff(reading, train!, fields, options) : { train: train!, test }
  const finished = made.finish(cut.train.fields.inputs!, cut.test.fields.inputs!)
  const withInputs = ({ count, fields }: IncomingSplit, inputs: Pieces): IncomingSplit => ({ count, fields: { ...fields, inputs } })
  return { splits: { train: withInputs(cut.train, finished.train), test: withInputs(cut.test, finished.test) }, finished }
}

function cutOff ({ files }: TableReading, all: IncomingSplit, fields: Fields, options: SplitOptions): Splits {
  return cutTest(all, fields, options, files[0]!.groups)
}

/** Marks the rows of the training file that will be cut off, before there are inputs: the same options cut the same rows. */
function markTestRows (reading: TableReading, options: SplitOptions): Uint8Array {
  const [{ count, target }, testFile] = reading.files as [FileRows, FileRows?]
  const isTest = new Uint8Array(count)
  if (testFile !== undefined) return isTest
  const numbers = Int32Array.from({ length: count }, (_, row) => row)
  const fields: Fields = { inputs: { type: 'tokens', shape: [1], vocabulary: count }, target: reading.target }
  const { test } = cutOff(reading, { count, fields: { inputs: inMemory(numbers), target } }, fields, options)
  for (const rows of readFloats(test.fields.inputs!())) for (const row of new Int32Array(rows.buffer)) isTest[row] = 1
  return isTest
}
