/** How scribbles are to be drawn: part of the specs of generators and derivations. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed } from '../../choices.js'

export const scribbleFields = {
  length: Type.Number({
    minimum: 0, maximum: 1, default: 1, description: 'Of a stroke, as a share of the way through the middle of its region from end to end; 0 is a click where the region is deepest'
  }),
  width: Type.Number({ minimum: 1, maximum: 100, default: 1, description: 'Of the brush, in pixels; no stroke leaves its region' }),
  regions: choice(['all', 'one'], {
    default: 'all', description: 'all: a stroke in each connected region; one: in one region of each class, drawn at random, so that other parts of a class stay unlabelled'
  })
}

export const ScribbleOptions = Type.Object(scribbleFields, closed)
export type ScribbleOptions = Static<typeof ScribbleOptions>
