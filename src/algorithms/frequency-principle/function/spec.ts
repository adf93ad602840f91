/** The targets that a network of this kind can be fitted to, all but data sets (../data/spec.ts). Their numbers: points.ts. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed } from '../../../choices.js'

const points = Type.Integer({
  minimum: 16, maximum: 4096, default: 128, description: 'Grid points x_j = -pi + 2 pi j / points, j = 0 .. points - 1; the right end is left out, so that whole frequencies are bins of the DFT (unit: points)'
})

const testPoints = Type.Optional(Type.Integer({
  minimum: 17, maximum: 8192, description: 'A denser grid of the same kind, more than points, on which each record is measured too: what the network makes of the function between the points that it is fitted to (unit: points)'
}))

/** Pictures that are there without an upload. */
export const pictureNames = ['disc', 'stripes', 'checkerboard'] as const
export type PictureName = typeof pictureNames[number]

/** Schema of a sum of sines. */
export const SinesTarget = Type.Object({
  type: Type.Literal('sines', { description: 'f(x) = sum of amplitude sin(frequency x + phase)' }),
  terms: Type.Array(Type.Object({
    frequency: Type.Integer({ minimum: 1, maximum: 2047, description: 'Whole periods on the grid; below half the points (unit: cycles per domain)' }),
    amplitude: Type.Number({ exclusiveMinimum: 0, maximum: 1000, default: 1, description: 'Height of the sine (unit: that of f)' }),
    phase: Type.Number({ minimum: -100, maximum: 100, default: 0, description: 'Shift of the sine (unit: radians)' })
  }, { ...closed, description: 'One sine' }), {
    minItems: 1, maxItems: 20, default: [{ frequency: 1 }, { frequency: 3 }, { frequency: 5 }], description: 'The sines, each frequency once. Equal amplitudes keep amplitude from explaining the order'
  }),
  points,
  testPoints
}, closed)

/** Schema of the step. */
export const StepTarget = Type.Object({
  type: Type.Literal('step', { description: 'f(x) = 1 for x > 0, -1 for x < 0, 0 at both jumps: odd frequencies with amplitude 4 / (pi k)' }), points, testPoints
}, closed)

/** Schema of the triangle. */
export const TriangleTarget = Type.Object({
  type: Type.Literal('triangle', { description: 'f(x) = 1 - 2 |x| / pi: odd frequencies with amplitude 8 / (pi k)^2' }), points, testPoints
}, closed)

/** Schema of the caller's own samples. */
export const SamplesTarget = Type.Object({
  type: Type.Literal('samples', { description: 'Values given one by one' }),
  values: Type.Array(Type.Number({ minimum: -1e6, maximum: 1e6 }), {
    minItems: 16, maxItems: 4096, description: 'f at x_j = -pi + 2 pi j / n, j = 0 .. n - 1; read as periodic'
  })
}, closed)

/** Schema of a picture. */
export const ImageTarget = Type.Object({
  type: Type.Literal('image', { description: 'Grey values over coordinates in [-1, 1)^2; two-dimensional DFT, gathered in rings of equal radius' }),
  picture: choice(pictureNames, { default: 'disc', description: 'A drawn picture; ignored when pixels are given' }),
  side: Type.Integer({ minimum: 8, maximum: 64, default: 24, description: 'Height and width of the drawn picture; ignored when pixels are given (unit: pixels)' }),
  pixels: Type.Optional(Type.Array(Type.Array(Type.Number({ minimum: 0, maximum: 1 }), { minItems: 8, maxItems: 64 }), {
    minItems: 8, maxItems: 64, description: 'Own picture, rows from top to bottom, all of one length; 0 is black, 1 is white'
  })),
  bands: Type.Integer({ minimum: 2, maximum: 16, default: 6, description: 'Rings of radii from the lowest to the highest frequency; at most 1 + half the shorter side (unit: bands)' })
}, closed)

export type SinesTarget = Static<typeof SinesTarget>
export type ImageTarget = Static<typeof ImageTarget>
