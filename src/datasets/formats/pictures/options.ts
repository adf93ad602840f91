/** What can be said about archives of pictures. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed } from '../../../choices.js'
import { fits } from './geometry.js'

const folder = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }))
const classNumber = Type.Integer({ minimum: 0, maximum: 255, description: 'number of the class; 255 is unlabelled' })

export const PictureOptions = Type.Object({
  size: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 4096 }), {
    minItems: 2, maxItems: 2, description: '[height, width] to which every picture is resized; their own when left out, which all must share'
  })),
  fit: Type.Optional(choice(fits, {
    description: 'how a picture of another size gets that one: stretch, the default; crop keeps its middle; pad lays it on black (unlabelled in masks); keep does that without resizing it, so that it must be no larger. Where pictures with masks are laid on black, the field extent says where each lies'
  })),
  colour: Type.Optional(choice(['auto', 'grey', 'rgb'], {
    description: 'channels: auto, the default, is rgb where a picture has channels of colour or a palette that is not grey; grey is 0.299 red + 0.587 green + 0.114 blue'
  })),
  folders: Type.Optional(Type.Object(
    { images: folder('of the pictures; images'), masks: folder('of their masks; masks'), scribbles: folder('of scribbles, where there are; scribbles') },
    { ...closed, description: 'names of the folders in which pictures with masks lie' }
  )),
  classNames: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), {
    minItems: 1, maxItems: 255, uniqueItems: true, description: 'names of the classes of masks, by their number from 0; the numbers when left out'
  })),
  maskValues: Type.Optional(Type.Object({}, {
    additionalProperties: classNumber,
    propertyNames: { pattern: '^(0|[1-9]\\d{0,4})$' },
    description: 'class of every number that grey masks and palettes may have: {"0": 0, "255": 1}; when left out a number is its class, and 255 is unlabelled'
  })),
  maskColours: Type.Optional(Type.Object({}, {
    additionalProperties: classNumber,
    propertyNames: { pattern: '^#[0-9a-fA-F]{6}$' },
    description: 'class of every colour that masks in colour may have: {"#ff0000": 1}'
  }))
})
export type PictureOptions = Static<typeof PictureOptions> & { maskValues?: Record<string, number>, maskColours?: Record<string, number> }
