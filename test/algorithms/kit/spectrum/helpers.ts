import assert from 'node:assert/strict'
import { openStream } from '../../../../src/math/random.js'

/** Fails unless two numbers are within a tolerance, absolutely. */
export function near (actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`)
}

/** Sum of sines on a half-open grid. @param terms [cycles, amplitude, phase] */
export function sines (count: number, terms: [number, number, number][]): Float64Array {
  return Float64Array.from({ length: count }, (_, j) =>
    terms.reduce((sum, [cycles, amplitude, phase]) => sum + amplitude * Math.sin(2 * Math.PI * cycles * j / count + phase), 0))
}

/** Numbers by chance, 0 .. 1, always the same. */
export function uniform (count: number, purpose: string): Float64Array {
  const stream = openStream(1, purpose)
  return Float64Array.from({ length: count }, () => stream.uniform())
}
