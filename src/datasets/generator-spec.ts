/**
 * The schemas of the built-in data generators: what an experiment's spec and a data set's source both hold.
 * The numbers themselves are made in src/datasets/generators.ts.
 */
import { Type, type Static } from 'typebox'
import { taggedUnion } from '../choices.js'

const count = (description: string, otherwise: number) =>
  Type.Integer({ description, minimum: 1, maximum: 100_000, default: otherwise })
const seed = Type.Integer({ description: 'Seed of the data, apart from the seeds of the trials; same seed, same bytes', minimum: 0, maximum: 2147483647, default: 1 })

/** Digits drawn with strokes, 28 x 28 x 1, uint8. */
export const GlyphsSpec = Type.Object({
  type: Type.Literal('glyphs', { description: 'Digits drawn with strokes: 28 x 28 grey pictures' }),
  classes: Type.Integer({ description: 'Digits 0 .. classes - 1', minimum: 2, maximum: 10, default: 10 }),
  train: count('Training examples', 1000),
  test: count('Test examples', 200),
  noise: Type.Number({ description: 'Standard deviation of the pixel noise, 1 = full ink', minimum: 0, maximum: 1, default: 0.05 }),
  seed
}, { additionalProperties: false, description: 'Digits drawn with strokes: 28 x 28 grey pictures, no download needed' })

/** Gaussian classes, float32. */
export const BlobsSpec = Type.Object({
  type: Type.Literal('blobs', { description: 'Gaussian classes around random centres' }),
  classes: Type.Integer({ description: 'Number of classes', minimum: 2, maximum: 100, default: 3 }),
  features: Type.Integer({ description: 'Numbers per example', minimum: 1, maximum: 1000, default: 2 }),
  train: count('Training examples', 1000),
  test: count('Test examples', 200),
  spread: Type.Number({ description: 'Standard deviation within a class; class centres lie at distance 1 from the origin', exclusiveMinimum: 0, maximum: 100, default: 0.3 }),
  seed
}, { additionalProperties: false, description: 'Gaussian classes around random centres' })

/** What a generator is asked to make; equal specs make equal data. */
export const GeneratorSpec = taggedUnion([GlyphsSpec, BlobsSpec], { description: 'Data made on the spot from a seed' })

export type GeneratorSpec = Static<typeof GeneratorSpec>
export type GlyphsSpec = Static<typeof GlyphsSpec>
export type BlobsSpec = Static<typeof BlobsSpec>
