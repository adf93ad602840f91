/** What becomes of the columns that are learned from, before and after it is known which rows are for training. */
import type { Counted } from '../bins.js'
import type { Pieces } from '../files.js'
import type { Field } from '../description.js'
import type { InputPlan } from './plan.js'

export interface MadeInputs {
  /** of each file, its rows */
  inputs: Pieces[]
  field: Field
  /** undefined where they are text */
  plan?: InputPlan
  /** the words of tokens */
  words?: string[]
  /** Ends what depends on the training rows. */
  finish (train: Pieces, test: Pieces): FinishedInputs
}

export interface FinishedInputs {
  field: Field
  train: Pieces
  test: Pieces
  /** Counts over the training rows, for each planned column; where they are not read yet, they are now. */
  counted (): Counted[][]
}
