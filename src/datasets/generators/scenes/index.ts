/**
 * Pictures of shapes with the class of every pixel, and scribbles of it: weak supervision whose truth is known. What the
 * shapes are: shapes.ts; what scribbles are: src/datasets/scribbles.
 */
import { Type } from '../../../schema/type.js'
import { choice } from '../../../choices.js'
import { openStream, type RandomStream } from '../../../math/random.js'
import type { Split } from '../../dataset.js'
import { drawScribbles } from '../../scribbles/scribble.js'
import { ScribbleOptions } from '../../scribbles/spec.js'
import { UNLABELLED } from '../../unlabelled.js'
import { counts, defineGenerator, seed } from '../generator.js'
import { drawShapes, type Sheet } from './shapes.js'

const ScenesSpec = Type.Object({
  type: Type.Literal('scenes', { description: 'Pictures of shapes with the class of every pixel, and scribbles of it' }),
  size: Type.Integer({ description: 'Pixels per side', minimum: 8, maximum: 512, default: 32 }),
  colours: choice(['grey', 'colour'], { default: 'colour', description: 'Channels: one or three' }),
  classes: Type.Integer({ description: 'Number of classes: the background, which is 0, and those of shapes', minimum: 2, maximum: 8, default: 3 }),
  shapes: Type.Integer({ description: 'Shapes of a picture, of the classes in turn; with fewer than classes - 1 some are in no picture of theirs', minimum: 1, maximum: 100, default: 4 }),
  ...counts,
  contrast: Type.Number({
    description: 'Between the darkest and the brightest of a channel, 1 = black to white. In colour two classes differ by it in one channel or more; in grey the classes are evenly spaced over it',
    exclusiveMinimum: 0,
    maximum: 1,
    default: 0.5
  }),
  noise: Type.Number({ description: 'Standard deviation of the noise of each pixel and channel, 1 = black to white', minimum: 0, maximum: 1, default: 0.12 }),
  paleShapes: choice(['none', 'scribbled', 'unscribbled'], {
    default: 'none',
    description: 'Whether every second shape of a class has half of its contrast to the background, and is scribbled on as the others are; unscribbled: no label shows that the class may look like that, so that scribbles are poor'
  }),
  scribbles: Type.Unsafe<ScribbleOptions>({ ...ScribbleOptions, default: {}, description: 'How the field scribbles is drawn' }),
  seed
}, { additionalProperties: false, description: 'Pictures of shapes for segmentation: inputs, the class of every pixel as target, and scribbles' })

export const scenes = defineGenerator({
  spec: ScenesSpec,
  describe: ({ size, colours, classes, train, test }) => {
    const names = Array.from({ length: classes }, (_, label) => label === 0 ? 'background' : `shape ${label}`)
    return {
      fields: {
        inputs: { type: 'image', shape: [size, size, channelsOf(colours)], dtype: 'uint8' },
        target: { type: 'classMap', shape: [size, size], names },
        scribbles: { type: 'classMap', shape: [size, size], names }
      },
      counts: { train, test }
    }
  },
  generate (spec) {
    const { size, colours, seed } = spec
    const split = (name: string, count: number): Split => {
      const pixels = size * size
      const width = pixels * channelsOf(colours)
      const [inputs, target, scribbles] = [new Uint8Array(count * width), new Uint8Array(count * pixels), new Uint8Array(count * pixels)]
      for (let i = 0; i < count; i++) {
        // Streams per example and part: the same scene has other scribbles, or another noise, and is the same scene.
        const stream = (part: string) => openStream(seed, `scenes ${name} ${part}`, i)
        const { classes, isSecond } = drawShapes(spec, stream('shapes'))
        const seen = spec.paleShapes === 'unscribbled' ? classes.map((label, pixel) => isSecond[pixel] === 1 ? UNLABELLED : label) : classes
        target.set(classes, i * pixels)
        paint(inputs.subarray(i * width, (i + 1) * width), { classes, isSecond }, spec, stream('noise'))
        scribbles.set(drawScribbles(seen, [size, size], spec.scribbles, stream('scribbles')), i * pixels)
      }
      return { count, arrays: { inputs, target, scribbles } }
    }
    return { train: split('train', spec.train), test: split('test', spec.test) }
  }
})

type Paint = { colours: 'grey' | 'colour', classes: number, contrast: number, noise: number, paleShapes: string }

function channelsOf (colours: Paint['colours']): number {
  return colours === 'grey' ? 1 : 3
}

/** Paints every pixel in the colour of its class, with noise. */
function paint (out: Uint8Array, sheet: Sheet, { colours, classes, contrast, noise, paleShapes }: Paint, stream: RandomStream): void {
  const channels = channelsOf(colours)
  for (let i = 0; i < out.length; i++) {
    const pixel = Math.floor(i / channels)
    const label = sheet.classes[pixel]!
    const full = colours === 'grey' ? label / (classes - 1) : label >> i % channels & 1 // a corner of the cube of colours for each class
    const share = paleShapes !== 'none' && sheet.isSecond[pixel] === 1 ? full / 2 : full // the background's is 0
    const value = 0.5 + contrast * (share - 0.5) + noise * stream.normal()
    out[i] = Math.max(0, Math.min(255, Math.round(255 * value)))
  }
}
