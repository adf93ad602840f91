/** What one trial of a sweep returns. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed } from '../../../choices.js'

/** Pictures whose whole curves are kept. */
export const SHOWN = 4

const count = (description: string) => Type.Integer({ minimum: 0, description })

const SweptPicture = Type.Object({
  edge: Type.Integer({ minimum: 1, description: 'Where the true boundary is: the first column of class 1' }),
  offset: count('Columns between the lowest position and the true boundary'),
  basin: count('Positions from which descent ends at the true boundary, or a pixel beside it'),
  minima: count('Positions where descent ends'),
  depth: Type.Number({ description: 'By how much of the mean cost the true boundary is below it' }),
  halfWidth: count('Positions around the true boundary that are at least half as deep')
}, closed)
export type SweptPicture = Static<typeof SweptPicture>

/** Schema of what one trial of a sweep returns. */
export const SweepResult = Type.Object({
  outcome: choice(['swept'], { description: 'How it ended' }),
  pictures: Type.Array(SweptPicture, { maxItems: 100_000, description: 'By training picture' }),
  curves: Type.Array(Type.Object({
    levels: Type.Array(Type.Number(), { description: 'Mean grey level by column' }),
    costs: Type.Array(Type.Number(), { description: 'Cost at positions 1, 2, ..., in units of their mean' })
  }, closed), { maxItems: SHOWN, description: 'Of the first pictures' })
}, closed)
export type SweepResult = Static<typeof SweepResult>
