/** What of a trial is looked at: the first of its ranking and its copies, as artifacts. */
import type { LabelledSplit } from '../../../datasets/dataset.js'
import type { Labels } from '../../../datasets/labelled.js'
import type { RunEvent } from '../../contract.js'
import { drawExample } from '../../kit/thumbnail.js'
import { drawRankingSheet, rankingSheetLength, rankingSheetName } from '../ranking-sheet.js'
import { drawContactSheet, sheetLength, sheetName } from '../sheet.js'
import { showExample } from '../show-example.js'
import type { TracinResult } from '../spec.js'
import type { TrialState } from '../trial-state.js'
import { copiesSheetLength, copiesSheetMembers, copiesSheetName, drawCopiesSheet, type ShownCopy } from './copies-sheet.js'

/** The sheets that a result names: pictures, rows of a table or texts. */
export function * showSuspects (trial: TrialState, result: TracinResult, seed: number): Generator<RunEvent, void> {
  const { train, test, dataset, words, preprocessing, edited: { placeOf } } = trial
  const sheet = (name: string, step: number, bytes: Uint8Array): RunEvent => ({ type: 'artifact', name, step, mediaType: 'image/svg+xml', bytes })
  const draw = (split: LabelledSplit<Labels>, place: number) => drawExample(split, place, dataset.inputs.shape, preprocessing)
  if (result.contactSheet !== undefined) {
    const pictures = result.ranking.slice(0, sheetLength).map(({ index }) => draw(train, placeOf(index)))
    yield sheet(sheetName, result.contactSheet, drawContactSheet(result, pictures, seed))
  }
  if (result.rankingSheet !== undefined) {
    const shown = result.ranking.slice(0, rankingSheetLength).map(({ index }) => showExample(dataset, words, train, placeOf(index)))
    yield sheet(rankingSheetName, result.rankingSheet, drawRankingSheet(result, shown, seed))
  }
  const { copies } = result.triage!
  if (copies.sheet === undefined) return
  const look = (split: LabelledSplit<Labels>, place: number): ShownCopy =>
    result.contactSheet === undefined ? showExample(dataset, words, split, place) : { png: draw(split, place) }
  const groups = copies.groups.slice(0, copiesSheetLength).map(group => ({
    group,
    shown: group.members.slice(0, copiesSheetMembers)
      .map(({ split, index }) => split === 'train' ? look(train, placeOf(index)) : look(test, index))
  }))
  yield sheet(copiesSheetName, copies.sheet, drawCopiesSheet(result, groups, seed))
}
