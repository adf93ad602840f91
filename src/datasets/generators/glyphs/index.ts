/** Digits drawn with strokes: pictures that need no download. How one is drawn: draw.ts. */
import { Type } from '../../../schema/type.js'
import { openStream } from '../../../math/random.js'
import { numberedClasses } from '../../classes.js'
import type { Split } from '../../dataset.js'
import { balancedLabels, counts, defineGenerator, seed } from '../generator.js'
import { drawGlyph, GLYPH_SIZE } from './draw.js'

export const GlyphsSpec = Type.Object({
  type: Type.Literal('glyphs', { description: 'Digits drawn with strokes: 28 x 28 grey pictures' }),
  classes: Type.Integer({ description: 'Digits 0 .. classes - 1', minimum: 2, maximum: 10, default: 10 }),
  ...counts,
  noise: Type.Number({ description: 'Standard deviation of the pixel noise, 1 = full ink', minimum: 0, maximum: 1, default: 0.05 }),
  seed
}, { additionalProperties: false, description: 'Digits drawn with strokes: 28 x 28 grey pictures, no download needed' })

export const glyphs = defineGenerator({
  spec: GlyphsSpec,
  describe: ({ classes, train, test }) => ({
    fields: {
      inputs: { type: 'image', shape: [GLYPH_SIZE, GLYPH_SIZE, 1], dtype: 'uint8' },
      target: numberedClasses(classes)
    },
    counts: { train, test }
  }),
  generate ({ classes, noise, seed, train, test }) {
    const width = GLYPH_SIZE * GLYPH_SIZE
    const split = (name: string, count: number): Split => {
      const target = balancedLabels(seed, name, count, classes)
      const inputs = new Uint8Array(count * width)
      // A stream per example: example i does not depend on how many there are.
      target.forEach((digit, i) => drawGlyph(digit, noise, openStream(seed, `glyphs ${name}`, i), inputs.subarray(i * width, (i + 1) * width)))
      return { count, arrays: { inputs, target } }
    }
    return { train: split('train', train), test: split('test', test) }
  }
})
