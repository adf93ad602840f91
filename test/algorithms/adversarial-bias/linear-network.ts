/**
 * What adversarial training makes of a linear network of two classes, in closed form and Float64. With w = w_1 - w_0 the
 * margin of an example is m = y ((w . x) + b), y = 1 for class 1 and -1 for class 0, and the worst perturbation of radius c
 * takes c |w|_p of it: delta = -y c u, u the point of the dual ball with u . w = |w|_p. Bytes are seen as 0 .. 1, and moved
 * within: the worst point of a cube within a box is the nearest to that of the cube, number by number.
 */
import type { Split } from '../../../src/datasets/dataset.js'
import type { NamedArrays } from '../../../src/math/arrays.js'

export type Ball = 'l2' | 'linf'

/** [w_0, w_1 by inputs, b_0, b_1], as the network stores them. */
export function linearWeights (arrays: NamedArrays): Float64Array {
  const named = (end: string) => Object.entries(arrays).find(([name]) => name.endsWith(end))![1].data
  return Float64Array.from([...named('.weight'), ...named('.bias')])
}

interface Example { x: number[], isOne: boolean, isByte: boolean }

function examplesOf ({ count, arrays: { inputs, target } }: Split): Example[] {
  const width = inputs!.length / count
  const isByte = inputs instanceof Uint8Array
  return Array.from({ length: count }, (_, i) => ({
    x: Array.from(inputs!.subarray(i * width, (i + 1) * width), value => isByte ? value / 255 : value), isOne: target![i] === 1, isByte
  }))
}

/** The example where the adversary wants it. @param dual u */
function move ({ x, isOne, isByte }: Example, dual: number[], radius: number): number[] {
  const moved = x.map((value, k) => value - (isOne ? 1 : -1) * radius * dual[k]!)
  return isByte ? moved.map(value => Math.min(1, Math.max(0, value))) : moved
}

function difference (weights: Float64Array): { w: number[], b: number } {
  const width = (weights.length - 2) / 2
  return { w: Array.from({ length: width }, (_, k) => weights[2 * k + 1]! - weights[2 * k]!), b: weights.at(-1)! - weights.at(-2)! }
}

function dualOf (w: number[], ball: Ball): number[] {
  const length = Math.hypot(...w)
  return w.map(value => ball === 'l2' ? value / length : Math.sign(value))
}

function dot (a: number[], b: number[]): number {
  return a.reduce((sum, value, k) => sum + value * b[k]!, 0)
}

/** Gradient steps on all examples, moved within the radius of each step. @returns the weights, and the loss of every step before it */
export function trainLinear (
  first: Float64Array, train: Split, { ball, rate, radii }: { ball: Ball, rate: number, radii: number[] }
): { weights: Float64Array, losses: number[] } {
  const weights = first.slice()
  const examples = examplesOf(train)
  const losses = radii.map(radius => {
    const { w, b } = difference(weights)
    const dual = dualOf(w, ball)
    const gradient = new Float64Array(weights.length)
    let loss = 0
    for (const example of examples) {
      const sign = example.isOne ? 1 : -1
      const moved = move(example, dual, radius)
      const margin = sign * (dot(moved, w) + b)
      loss += Math.log1p(Math.exp(-margin)) / examples.length
      const slope = -sign / (1 + Math.exp(margin)) / examples.length // of the loss by w . x + b
      moved.forEach((value, k) => {
        gradient[2 * k + 1]! += slope * value
        gradient[2 * k]! -= slope * value
      })
      gradient[gradient.length - 1]! += slope
      gradient[gradient.length - 2]! -= slope
    }
    gradient.forEach((value, i) => { weights[i]! -= rate * value })
    return loss
  })
  return { weights, losses }
}

/** The part of the examples that are read rightly where the adversary wants them. */
export function withstanding (weights: Float64Array, test: Split, { ball, radius }: { ball: Ball, radius: number }): number {
  const { w, b } = difference(weights)
  const examples = examplesOf(test)
  const right = examples.filter(example => (example.isOne ? 1 : -1) * (dot(move(example, dualOf(w, ball), radius), w) + b) > 0)
  return right.length / examples.length
}
