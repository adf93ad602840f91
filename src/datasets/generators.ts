/** Makes the data of the built-in generators: pure functions of src/datasets/generator-spec.ts, so equal specs give equal bytes. */
import type { Split } from './dataset.js'
import type { BlobsSpec, GeneratorSpec, GlyphsSpec } from './generator-spec.js'
import { openStream } from '../math/random.js'
import type { DatasetShape } from './format.js'
import { drawGlyph, GLYPH_SIZE } from './glyphs.js'

/** Examples of a generator in memory. */
export interface GeneratedDataset { description: DatasetShape, train: Split, test: Split }

/** Says what a generator will make without making it. */
export function describeGenerator (spec: GeneratorSpec): DatasetShape {
  const { classes, train: trainCount, test: testCount } = spec
  const labelNames = Array.from({ length: classes }, (_, label) => String(label))
  const shape = spec.type === 'glyphs'
    ? { inputShape: [GLYPH_SIZE, GLYPH_SIZE, 1], dtype: 'uint8' as const }
    : { inputShape: [spec.features], dtype: 'float32' as const }
  return { ...shape, classes, labelNames, trainCount, testCount }
}

/** Makes a generator's data set. Classes are balanced: their counts differ by one at most. */
export function generateDataset (spec: GeneratorSpec): GeneratedDataset {
  const split = spec.type === 'glyphs' ? generateGlyphs(spec) : generateBlobs(spec)
  return { description: describeGenerator(spec), train: split('train', spec.train), test: split('test', spec.test) }
}

type MakeSplit = (name: string, count: number) => Split

function generateGlyphs ({ classes, noise, seed }: GlyphsSpec): MakeSplit {
  const width = GLYPH_SIZE * GLYPH_SIZE
  return (name, count) => {
    const labels = balancedLabels(seed, name, count, classes)
    const inputs = new Uint8Array(count * width)
    // A stream per example: example i does not depend on how many there are.
    labels.forEach((digit, i) => drawGlyph(digit, noise, openStream(seed, `glyphs ${name}`, i), inputs.subarray(i * width, (i + 1) * width)))
    return { inputs, labels, count }
  }
}

function generateBlobs ({ classes, features, spread, seed }: BlobsSpec): MakeSplit {
  const centres = Array.from({ length: classes }, (_, label) => pointOnSphere(seed, label, features))
  return (name, count) => {
    const labels = balancedLabels(seed, name, count, classes)
    const inputs = new Float32Array(count * features)
    const stream = openStream(seed, `blobs ${name}`)
    labels.forEach((label, i) => {
      for (let j = 0; j < features; j++) inputs[i * features + j] = centres[label]![j]! + spread * stream.normal()
    })
    return { inputs, labels, count }
  }
}

function balancedLabels (seed: number, split: string, count: number, classes: number): Int32Array {
  return Int32Array.from(openStream(seed, `labels ${split}`).permutation(count), place => place % classes)
}

function pointOnSphere (seed: number, label: number, features: number): number[] {
  const stream = openStream(seed, 'blobs centre', label)
  const point = Array.from({ length: features }, () => stream.normal())
  const norm = Math.hypot(...point) || 1
  return point.map(x => x / norm)
}
