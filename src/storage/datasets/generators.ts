/** Makes the data of the built-in generators: pure functions of src/generator-spec.ts, so equal specs give equal bytes. */
import type { Split } from '../../dataset.js'
import type { BlobsSpec, GeneratorSpec, GlyphsSpec } from '../../generator-spec.js'
import { openStream } from '../../random.js'
import { encodeDataset, type PreparedDataset } from './format.js'
import { drawGlyph, GLYPH_SIZE } from './glyphs.js'

/** Makes a generator's data set. Classes are balanced: their counts differ by one at most. */
export function generateDataset (spec: GeneratorSpec): PreparedDataset {
  switch (spec.type) {
    case 'glyphs': return generateGlyphs(spec)
    case 'blobs': return generateBlobs(spec)
    default: throw new Error(`The generator must be known, got ${JSON.stringify(spec satisfies never)}`)
  }
}

function generateGlyphs (spec: GlyphsSpec): PreparedDataset {
  const { classes, noise, seed } = spec
  const width = GLYPH_SIZE * GLYPH_SIZE
  function split (name: string, count: number): Split {
    const labels = balancedLabels(seed, name, count, classes)
    const inputs = new Uint8Array(count * width)
    // A stream per example: example i does not depend on how many there are.
    labels.forEach((digit, i) => drawGlyph(digit, noise, openStream(seed, `glyphs ${name}`, i), inputs.subarray(i * width, (i + 1) * width)))
    return { inputs, labels, count }
  }
  return encodeDataset([GLYPH_SIZE, GLYPH_SIZE, 1], digits(classes), split('train', spec.train), split('test', spec.test))
}

function generateBlobs (spec: BlobsSpec): PreparedDataset {
  const { classes, features, spread, seed } = spec
  const centres = Array.from({ length: classes }, (_, label) => pointOnSphere(seed, label, features))
  function split (name: string, count: number): Split {
    const labels = balancedLabels(seed, name, count, classes)
    const inputs = new Float32Array(count * features)
    const stream = openStream(seed, `blobs ${name}`)
    labels.forEach((label, i) => {
      for (let j = 0; j < features; j++) inputs[i * features + j] = centres[label]![j]! + spread * stream.normal()
    })
    return { inputs, labels, count }
  }
  return encodeDataset([features], digits(classes), split('train', spec.train), split('test', spec.test))
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

function digits (classes: number): string[] {
  return Array.from({ length: classes }, (_, label) => String(label))
}
