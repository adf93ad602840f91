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
import { counts, defineGenerator, seed } from '../generator.js'
import { drawShapes } from './shapes.js'

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
        const map = target.subarray(i * pixels, (i + 1) * pixels)
        drawShapes(map, spec, stream('shapes'))
        paint(inputs.subarray(i * width, (i + 1) * width), map, spec, stream('noise'))
        scribbles.set(drawScribbles(map, [size, size], spec.scribbles, stream('scribbles')), i * pixels)
      }
      return { count, arrays: { inputs, target, scribbles } }
    }
    return { train: split('train', spec.train), test: split('test', spec.test) }
  }
})

type Paint = { colours: 'grey' | 'colour', classes: number, contrast: number, noise: number }

function channelsOf (colours: Paint['colours']): number {
  return colours === 'grey' ? 1 : 3
}

/** Paints every pixel in the colour of its class, with noise. */
function paint (out: Uint8Array, map: Uint8Array, { colours, classes, contrast, noise }: Paint, stream: RandomStream): void {
  const channels = channelsOf(colours)
  for (let i = 0; i < out.length; i++) {
    const label = map[Math.floor(i / channels)]!
    const share = colours === 'grey' ? label / (classes - 1) : label >> i % channels & 1 // a corner of the cube of colours for each class
    const value = 0.5 + contrast * (share - 0.5) + noise * stream.normal()
    out[i] = Math.max(0, Math.min(255, Math.round(255 * value)))
  }
}
