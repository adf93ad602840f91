/**
 * Pictures of one straight edge: two flat regions side by side with noise, and the class of every pixel. One row of pixels is the
 * picture in one dimension on which costs of boundaries are studied: what a boundary costs depends on where it is, and on noise.
 */
import { Type } from '../../../schema/type.js'
import { openStream } from '../../../math/random.js'
import type { Split } from '../../dataset.js'
import { counts, defineGenerator, seed } from '../generator.js'

const EdgesSpec = Type.Object({
  type: Type.Literal('edges', { description: 'Pictures of two regions, one left and one right of a straight edge' }),
  width: Type.Integer({ description: 'Columns (unit: pixels)', minimum: 4, maximum: 1024, default: 64 }),
  height: Type.Integer({ description: 'Rows (unit: pixels)', minimum: 1, maximum: 512, default: 1 }),
  position: Type.Number({ description: 'Where the edge is, as a share of the width; both regions have a column at least', minimum: 0, maximum: 1, default: 0.5 }),
  ...counts,
  contrast: Type.Number({ description: 'Between the two regions, 1 = black to white; the left one is dark', exclusiveMinimum: 0, maximum: 1, default: 0.5 }),
  noise: Type.Number({ description: 'Standard deviation of the noise of each pixel, 1 = black to white', minimum: 0, maximum: 1, default: 0.12 }),
  seed
}, { additionalProperties: false, description: 'Grey pictures of two regions for segmentation: inputs, and the class of every pixel as target' })

export const edges = defineGenerator({
  spec: EdgesSpec,
  describe: ({ width, height, train, test }) => ({
    fields: {
      inputs: { type: 'image', shape: [height, width, 1], dtype: 'uint8' },
      target: { type: 'classMap', shape: [height, width], names: ['left', 'right'] }
    },
    counts: { train, test }
  }),
  generate ({ width, height, position, contrast, noise, seed, train, test }) {
    const edge = Math.max(1, Math.min(width - 1, Math.round(position * width)))
    const split = (name: string, count: number): Split => {
      const pixels = width * height
      const [inputs, target] = [new Uint8Array(count * pixels), new Uint8Array(count * pixels)]
      for (let i = 0; i < count; i++) {
        const stream = openStream(seed, `edges ${name}`, i)
        for (let at = i * pixels; at < (i + 1) * pixels; at++) {
          const label = Number(at % width >= edge)
          const value = 0.5 + contrast * (label - 0.5) + noise * stream.normal()
          inputs[at] = Math.max(0, Math.min(255, Math.round(255 * value)))
          target[at] = label
        }
      }
      return { count, arrays: { inputs, target } }
    }
    return { train: split('train', train), test: split('test', test) }
  }
})
