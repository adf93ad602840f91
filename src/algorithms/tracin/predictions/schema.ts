/** What a spec can predict of the search for wrong labels: said before the trials run, stored with them, checked by the verdict. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed } from '../../../choices.js'
import { methodNames } from '../methods.js'

/** What is measured of an order: the fraction found within the first 5, 10, 20, 30 %, or the area under the curve. */
export const measures = ['found5', 'found10', 'found20', 'found30', 'auc'] as const
export type Measure = typeof measures[number]

const Prediction = Type.Object({
  method: Type.Optional(choice(methodNames, { description: 'Order that is spoken of; left out: TracInCP, of the last layer where it is scored' })),
  measure: choice(measures, { description: 'foundN: fraction of the wrong labels within the first N %; auc: area under that curve' }),
  over: Type.Optional(choice(methodNames, { description: 'Order that it is ahead of, by the paired difference over seeds: the interval of 95 % lies above 0, and its mean is at least atLeast. Undecided with fewer than 5 seeds' })),
  atLeast: Type.Number({ minimum: 0, maximum: 1, default: 0, description: 'Least mean over the seeds, of the difference where over is given' }),
  atMost: Type.Number({ minimum: 0, maximum: 1, default: 1, description: 'Largest mean over the seeds' })
}, closed)
export type Prediction = Static<typeof Prediction>

/** Schema of the spec's field. */
export const Predictions = Type.Array(Prediction, {
  minItems: 1, maxItems: 20, description: 'What shall come out, said before; the verdict holds when every one of them does. Left out: TracInCP is ahead of the best baseline'
})
