/** Which sheet shows the ranking of a trial, and a training example as it stands on it: as a row of its table, or as text. */
import type { Dataset, LabelledSplit } from '../../datasets/dataset.js'
import type { FieldOf } from '../../datasets/description.js'
import type { LabelledDescription, Labels } from '../../datasets/labelled.js'
import { shortest } from '../../datasets/table/codings.js'
import { toRow } from '../../datasets/table/rows.js'
import { toText } from '../../datasets/words/tokens.js'
import { isPicture } from '../kit/thumbnail.js'
import type { ShownExample } from './ranking-sheet.js'
import type { TracinResult } from './spec.js'

/** Which sheet a trial yields at its end, by the step that names it: none for pictures that are too large, and tokens that are no text. */
export function chooseSheet ({ inputs }: LabelledDescription, words: Dataset['words'], step: number): Pick<TracinResult, 'contactSheet' | 'rankingSheet'> {
  if (inputs.type === 'image') return isPicture(inputs.shape) ? { contactSheet: step } : {}
  return inputs.type === 'features' || words !== undefined ? { rankingSheet: step } : {}
}

/** The same of the sheet of the explained test examples. */
export function chooseExplained ({ contactSheet, rankingSheet }: ReturnType<typeof chooseSheet>): Pick<TracinResult, 'explainedSheet'> {
  const step = contactSheet ?? rankingSheet
  return step === undefined ? {} : { explainedSheet: step }
}

/** Shows an example of a split. @param words of a data set of texts */
export function showExample (
  { inputs: field }: LabelledDescription, words: Dataset['words'], { inputs, count }: LabelledSplit<Labels>, index: number
): ShownExample {
  const width = inputs.length / count
  const numbers = inputs.subarray(index * width, (index + 1) * width)
  return field.type === 'tokens' ? { text: toText(numbers, words!) } : { row: rowOf(field as FieldOf<'features'>, Array.from(numbers)) }
}

/** The cells of a row of the table; of columns without names by their position. */
function rowOf (field: FieldOf<'features'>, numbers: number[]): [string, string][] {
  const row = Object.entries(toRow(field, numbers) ?? Object.fromEntries(numbers.map((value, k) => [`x${k}`, shortest(value)])))
  return row.map(([column, cell]) => [column, cell === null ? '' : String(cell)])
}
