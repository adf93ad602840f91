/**
 * What the baselines have of every training example at a checkpoint: the last layer as the factors of its gradients, which a
 * trial computes there anyway. All else of this folder is a function of these and of the training labels. Pure.
 */
import type { Labels } from '../../../datasets/labelled.js'
import type { LastFactors } from '../../../influence/factors.js'

/** The last layer of n examples with their training labels; rows of h activations and C outputs. */
export interface LastLayer {
  /** n */
  count: number
  /** C: classes, or values */
  outputsPerExample: number
  /** h */
  width: number
  /** inputs of the layer, [n, h] */
  activations: Float32Array
  /** derivative of the loss by the outputs, [n, C]: of classes p - y, exact also where p is near 1; of values 2 (output - value) / C */
  deltas: Float32Array
  /** [n, C] */
  outputs: Float32Array
  /** [n] */
  losses: Float32Array
  /** training class of every example; undefined for a target of values */
  classes: Int32Array | undefined
}

/** Reads factors as the last layer. @param labels  training labels: classes, or values by rows */
export function readLastLayer ({ activations, deltas, outputs, losses, fanIn, fanOut }: LastFactors, labels: Labels): LastLayer {
  const classes = labels instanceof Int32Array ? labels : undefined
  return { count: losses.length, outputsPerExample: fanOut, width: fanIn, activations, deltas, outputs, losses, classes }
}

/** p of class c for example i. @param last  of classes */
export function probabilityOf ({ deltas, classes, outputsPerExample }: LastLayer, i: number, c: number): number {
  return deltas[i * outputsPerExample + c]! + Number(classes![i] === c)
}

/** |delta| of example i: of classes the error |p - y| that EL2N averages. */
export function errorNorm ({ deltas, outputsPerExample }: LastLayer, i: number): number {
  let sum = 0
  for (let at = i * outputsPerExample; at < (i + 1) * outputsPerExample; at++) sum += deltas[at]! ** 2
  return Math.sqrt(sum)
}
