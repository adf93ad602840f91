/** The sheet of a trial's explained test examples as an artifact. */
import type { RunEvent } from '../../contract.js'
import { drawExample } from '../../kit/thumbnail.js'
import { showExample } from '../show-example.js'
import type { TracinResult } from '../spec.js'
import type { TrialState } from '../trial-state.js'
import { drawExplained, explainedSheetName, type ShowOf } from './sheet.js'

/** The sheet, where the result names one. */
export function * showExplained (
  { train, test, dataset, words, preprocessing, edited: { placeOf } }: TrialState, result: TracinResult, seed: number
): Generator<RunEvent, void> {
  if (result.explainedSheet === undefined) return
  const find = (split: 'train' | 'test', index: number) => split === 'train' ? [train, placeOf(index)] as const : [test, index] as const
  const show: ShowOf = result.contactSheet !== undefined
    ? { picture: (split, index) => drawExample(...find(split, index), dataset.inputs.shape, preprocessing) }
    : { words: (split, index) => showExample(dataset, words, ...find(split, index)) }
  yield {
    type: 'artifact',
    name: explainedSheetName,
    step: result.explainedSheet,
    mediaType: 'image/svg+xml',
    bytes: drawExplained(result, result.explained!, show, seed)
  }
}
