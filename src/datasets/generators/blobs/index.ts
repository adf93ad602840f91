/** Gaussian classes around random centres. */
import { Type } from '../../../schema/type.js'
import { openStream } from '../../../math/random.js'
import { numberedClasses } from '../../classes.js'
import type { Split } from '../../dataset.js'
import { balancedLabels, counts, defineGenerator, seed } from '../generator.js'

export const BlobsSpec = Type.Object({
  type: Type.Literal('blobs', { description: 'Gaussian classes around random centres' }),
  classes: Type.Integer({ description: 'Number of classes', minimum: 2, maximum: 100, default: 3 }),
  features: Type.Integer({ description: 'Numbers per example', minimum: 1, maximum: 1000, default: 2 }),
  ...counts,
  spread: Type.Number({ description: 'Standard deviation within a class; class centres lie at distance 1 from the origin', exclusiveMinimum: 0, maximum: 100, default: 0.3 }),
  seed
}, { additionalProperties: false, description: 'Gaussian classes around random centres' })

export const blobs = defineGenerator({
  spec: BlobsSpec,
  describe: ({ classes, features, train, test }) => ({
    fields: {
      inputs: { type: 'features', shape: [features], dtype: 'float32' },
      target: numberedClasses(classes)
    },
    counts: { train, test }
  }),
  generate ({ classes, features, spread, seed, train, test }) {
    const centres = Array.from({ length: classes }, (_, label) => pointOnSphere(seed, label, features))
    const split = (name: string, count: number): Split => {
      const target = balancedLabels(seed, name, count, classes)
      const inputs = new Float32Array(count * features)
      const stream = openStream(seed, `blobs ${name}`)
      target.forEach((label, i) => {
        for (let j = 0; j < features; j++) inputs[i * features + j] = centres[label]![j]! + spread * stream.normal()
      })
      return { count, arrays: { inputs, target } }
    }
    return { train: split('train', train), test: split('test', test) }
  }
})

function pointOnSphere (seed: number, label: number, features: number): number[] {
  const stream = openStream(seed, 'blobs centre', label)
  const point = Array.from({ length: features }, () => stream.normal())
  const norm = Math.hypot(...point) || 1
  return point.map(x => x / norm)
}
