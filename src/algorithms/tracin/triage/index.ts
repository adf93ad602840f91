/**
 * What a person needs who checks the suspects of a trial: a suggested label for each, its copies and their labels, an order
 * in which no class takes another's place, and orders long enough to act upon (retrain/).
 */
import type { LabelledDataset, Labels } from '../../../datasets/labelled.js'
import type { LabelledSplit, Preprocessing } from '../../../datasets/dataset.js'
import { findCopies } from '../../../datasets/duplicates/index.js'
import { rankDescending } from '../../../influence/ranking.js'
import { sizeOf } from '../../../math/arrays.js'
import { mainScores, rankExamples, type Scored } from '../result.js'
import type { TracinResult } from '../spec.js'
import { suggest, type Averages } from './averages.js'
import { orderByClass } from './balance.js'
import { judgeCopies } from './copies.js'
import { maxOrder, type Order } from './spec.js'

export interface Triaged {
  dataset: Pick<LabelledDataset, 'inputs' | 'target'>
  train: LabelledSplit<Labels>
  test: LabelledSplit<Labels>
  preprocessing: Preprocessing
  /** position in the training split of every training example; undefined: its own */
  positions: Int32Array | undefined
  averages: Averages
  scored: Scored
}

type Row = TracinResult['ranking'][number]

/** Works in parts: the search for copies may take seconds. */
export function * triage (
  { dataset, train, test, preprocessing, positions, averages, scored }: Triaged
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
  const suggested = suggest(averages, labels)
  const classes = suggested.probabilities && suggested.probabilities.length / train.count
  const probabilityOf = (place: number, label: number | number[]) => classes ? suggested.probabilities![place * classes + (label as number)]! : null

  const describe = ({ index: place, ...row }: Row): Row => {
    const suggestedLabel = at(suggested.labels, place)
    return {
      index: positionOf(place),
      ...row,
      suggestedLabel,
      probability: probabilityOf(place, suggestedLabel),
      labelProbability: probabilityOf(place, row.label),
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
      copies: summary
    }
  }
}
