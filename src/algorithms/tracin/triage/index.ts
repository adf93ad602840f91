/**
 * What a person needs who checks the suspects of a trial: a suggested label for each, its copies and their labels, an order
 * in which no class takes another's place, and orders long enough to act upon (retrain/).
 */
import type { Labels } from '../../../datasets/labelled.js'
import { findCopies } from '../../../datasets/duplicates/index.js'
import { rankDescending } from '../../../influence/ranking.js'
import { sizeOf } from '../../../math/arrays.js'
import type { Averages } from '../baselines/averages.js'
import { mainScores, rankExamples, type Scored } from '../result.js'
import type { TracinResult } from '../spec.js'
import type { TrialState } from '../trial-state.js'
import { orderByClass } from './balance.js'
import { judgeCopies } from './copies.js'
import { maxOrder, type Order } from './spec.js'
import { suggestLabels } from './suggest.js'

export interface Triaged {
  trial: Pick<TrialState, 'dataset' | 'train' | 'test' | 'preprocessing'> & {
    edited: Pick<TrialState['edited'], 'positions'>
    baselines: { averages: Pick<Averages, 'probabilities' | 'outputs'> }
  }
  scored: Scored
  /** step of the trial's sheets; undefined where there is nothing to look at */
  sheet: number | undefined
}

type Row = TracinResult['ranking'][number]

/** Works in parts: the search for copies may take seconds. */
export function * triage (
  { trial: { dataset, train, test, preprocessing, edited: { positions }, baselines: { averages } }, scored, sheet }: Triaged
): Generator<void, Required<Pick<TracinResult, 'ranking' | 'flipped' | 'triage'>>> {
  const { labels, flipped, random } = scored
  const width = sizeOf(dataset.inputs.shape)
  const found = yield * findCopies({ field: dataset.inputs, parts: [train.inputs, test.inputs], width, scale: preprocessing })
  const positionOf = (place: number) => positions?.[place] ?? place
  const at = (all: Labels, place: number): number | number[] => {
    const size = labels.length / train.count
    return all instanceof Int32Array ? all[place]! : Array.from(all.subarray(place * size, (place + 1) * size))
  }
  const { summary, copiesOf } = judgeCopies(found, {
    trainCount: train.count,
    labelOf: row => row < train.count ? at(labels, row) : at(test.labels, row - train.count),
    indexOf: row => row < train.count ? positionOf(row) : row - train.count
  })
  const suggested = suggestLabels(averages, scored.predictions, preprocessing)

  const describe = ({ index: place, ...row }: Row): Row => {
    const suggestedLabel = at(suggested.labels, place)
    return {
      index: positionOf(place),
      ...row,
      suggestedLabel,
      probability: suggested.probabilityOf(place, suggestedLabel),
      labelProbability: suggested.probabilityOf(place, row.label),
      ...copiesOf(place)
    }
  }
  const order = (by: Order['by'], places: Uint32Array): Order => {
    const first = Array.from(places.subarray(0, maxOrder))
    return { by, indices: first.map(positionOf), suggestions: first.map(place => at(suggested.labels, place)) }
  }

  const scores = mainScores(scored)
  const balanced = labels instanceof Int32Array ? orderByClass(scores, labels) : undefined
  return {
    ranking: rankExamples(scored).map(describe),
    flipped: Array.from(flipped, positionOf),
    triage: {
      balanced: balanced === undefined ? [] : rankExamples(scored, balanced).map(describe),
      orders: [
        order('score', rankDescending(scores)), ...(balanced === undefined ? [] : [order('class-balanced', balanced)]), order('random', random)
      ],
      wrongLabels: Array.from(flipped, place => at(labels, place)),
      copies: { ...summary, ...(sheet === undefined || summary.groupCount === 0 ? {} : { sheet }) }
    }
  }
}
