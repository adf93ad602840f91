/** What can be said about uploads of arrays. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed } from '../../../choices.js'

const name = (description: string) => Type.String({ minLength: 1, maxLength: 1000, description })
const names = (description: string) => Type.Optional(Type.Array(name('of one'), { minItems: 1, maxItems: 100_000, description }))

const arraysOfFields = (description: string) => Type.Unsafe<Record<string, string>>({
  type: 'object', required: ['inputs'], additionalProperties: { type: 'string' }, description
})

export const ArraysOptions = Type.Object({
  arrays: Type.Optional(Type.Object({
    train: arraysOfFields('names of the arrays by field: inputs, target, and further ones such as scribbles'),
    test: Type.Optional(arraysOfFields('the same for the test split: in the file test, or in train where that is not sent'))
  }, { ...closed, description: 'which array is which field: {"train": {"inputs": "x_train", "target": "y_train"}, "test": {...}}. Found when left out if names say so: x, inputs, images, features or data; y, target or labels; with train or test' })),
  targetType: Type.Optional(choice(['classes', 'values', 'classMap', 'none'], { description: 'what the target is. When left out: integers of 0 .. 999 with one axis are classes, floats are values, integers for every pixel of a picture are a class map (255: unlabelled)' })),
  classNames: names('names of the classes 0, 1, 2, ...; the numbers that there are when left out'),
  columnNames: names('names of the inputs, where they are no pictures'),
  targetNames: names('names of the values of the target'),
  units: Type.Optional(Type.Unsafe<Record<string, string>>({
    type: 'object', additionalProperties: { type: 'string', minLength: 1, maxLength: 100 }, description: 'units of inputs and values by their names: {"distance": "m"}'
  })),
  channels: Type.Optional(choice(['last', 'first'], { description: 'where the channels of pictures are: last, [n, height, width, channels], or first, [n, channels, height, width]. Found, and told as a warning, when left out, if only one can be meant' }))
})
export type ArraysOptions = Static<typeof ArraysOptions>
