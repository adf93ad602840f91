/** Last layers to try baselines on: of classes from logits, of values from outputs, activations by chance. */
import { readLastLayer, type LastLayer } from '../../../../src/algorithms/tracin/baselines/last-layer.js'
import type { LastFactors } from '../../../../src/influence/factors.js'
import { openStream } from '../../../../src/math/random.js'
import { crossEntropy, softmax } from '../../../../src/math/softmax.js'

/** Factors of examples with these logits and labels. @param activations by rows; none when left out */
export function factorsOfClasses (logits: number[][], labels: number[], activations: number[][] = logits.map(() => [])): LastFactors {
  const errors = logits.map((z, i) => softmaxOf(z).map((p, c) => p - Number(c === labels[i])))
  return {
    activations: Float32Array.from(activations.flat()),
    deltas: Float32Array.from(errors.flat()),
    outputs: Float32Array.from(logits.flat()),
    fanIn: activations[0]!.length,
    fanOut: logits[0]!.length,
    losses: Float32Array.from(logits, (z, i) => crossEntropy(Float64Array.from(z), labels[i]!)),
    predictions: Int32Array.from(logits, z => z.indexOf(Math.max(...z)))
  }
}

export function layerOfClasses (logits: number[][], labels: number[], activations?: number[][]): LastLayer {
  return readLastLayer(factorsOfClasses(logits, labels, activations), Int32Array.from(labels))
}

/** A layer of weights by chance on activations by chance, half of them 0. */
export function drawLayer (seed: number, { count, width, classes }: { count: number, width: number, classes: number }): LastLayer {
  const random = openStream(seed, 'layer')
  const activations = Array.from({ length: count }, () => Array.from({ length: width }, () => Math.fround(Math.max(0, random.normal()))))
  const weights = Array.from({ length: classes }, () => Array.from({ length: width + 1 }, () => random.normal()))
  const logits = activations.map(a => weights.map(row => [...a, 1].reduce((sum, value, u) => sum + value * row[u]!, 0)))
  return layerOfClasses(logits, Array.from({ length: count }, () => random.integer(classes)), activations)
}

export function softmaxOf (z: number[]): number[] {
  return Array.from(softmax(Float64Array.from(z)))
}

/** All that a generator of parts comes to. */
export function drain<T> (parts: Generator<void, T>): T {
  for (;;) {
    const { done, value } = parts.next()
    if (done) return value
  }
}

export function assertClose (value: number, expected: number, tolerance: number): void {
  if (!(Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected)))) throw new Error(`${value} for ${expected}`)
}
