/** What one trial of adm-segmentation returns: a training here, a sweep in sweep/result.ts. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed } from '../../choices.js'
import { SweepResult } from './sweep/result.js'

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })
const orNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

const Point = Type.Object({
  epoch: Type.Integer({ minimum: 0, description: 'Completed passes' }),
  meanIoU: share('Of the test pictures together'),
  trainIoU: share('Of the training pictures together'),
  classIoU: Type.Array(orNull('null: no test picture has the class, in its mask or in what is predicted'), { maxItems: 255 }),
  pixelAccuracy: share('Part of the test pixels'),
  boundaryF: share('Mean over test pictures'),
  scribbleAccuracy: share('Part of the scribbled training pixels'),
  pottsEnergy: Type.Number({ minimum: 0, description: 'Of what is predicted of the training pictures: grid CRF, 8 neighbours, lambda 1, mean over pictures' }),
  gap: orNull('That minus the energy of X; null where there is no X'),
  disagreement: orNull('Part of the training pixels where X is another label')
}, closed)

/** Schema of what a training returns. */
export const SegmentationResult = Type.Object({
  outcome: choice(['finished'], { description: 'How it ended' }),
  parameters: Type.Integer({ minimum: 1 }),
  classes: Type.Array(Type.String(), { maxItems: 255 }),
  points: Type.Array(Point, { maxItems: 100, description: 'Measurements, the end last' }),
  truthEnergy: Type.Number({ minimum: 0, description: 'Discrete energy of the training masks' }),
  pictures: Type.Array(Type.Array(orNull('null: the picture lacks the class, in its mask and in what is predicted'), { maxItems: 255 }), {
    maxItems: 10_000, description: 'Intersection over union of each test picture by class, at the end'
  }),
  trainPictures: Type.Array(Type.Array(orNull('The same of a training picture'), { maxItems: 255 }), { maxItems: 10_000 }),
  sheets: Type.Array(Type.Integer({ minimum: 0 }), { maxItems: 100, description: 'Steps of the artifact `pictures`: picture, scribbles, mask, X, prediction, error of the first training pictures' })
}, closed)
export type SegmentationResult = Static<typeof SegmentationResult>

/** Schema of what one trial returns. */
export const TrialResult = Type.Union([SegmentationResult, SweepResult])
export type TrialResult = Static<typeof TrialResult>
