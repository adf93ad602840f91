/**
 * Representer points (Yeh, Kim, Yen, Ravikumar 2018, arXiv 1811.09720): the last layer is fitted again with an L2 penalty,
 * everything below it held fixed, and then its outputs are a sum over the training examples. Pure.
 *
 *   W* = argmin 1/n sum over i of H(t_i, softmax(W a_i)) + lambda |W|^2
 *   alpha_i = -(p_i - t_i) / (2 lambda n),   W* a = sum over i of alpha_i (a_i . a)
 *
 * with a the activations and 1 for the bias, t the target and p = softmax(W* a). The problem is strictly convex: the solver
 * does not matter. The paper's code takes the model's own outputs for t; these take what the caller declares, for the choice
 * decides (against the outputs, alpha does not know the labels).
 */
import { softmax } from '../../../math/softmax.js'
import type { Objective } from '../../../math/objective.js'
import { createOptimizer } from '../../../optimizers/index.js'
import { withOnes } from './influence-function.js'
import { probabilityOf, type LastLayer } from './last-layer.js'
import type { RepresenterTarget } from './names.js'

export interface RepresenterOptions {
  /** > 0 */
  lambda: number
  target: RepresenterTarget
}

/** Multiplications at most, with all the gradients that a fit may take: it takes a hundred or two. */
const maxWork = 2e10
const maxGradients = 500
/** Of the largest component of the gradient. What is left of it is missing in the sum: 1e-7 / (2 lambda) of every weight. */
const gradientTolerance = 1e-7

/** Why it cannot be computed for a layer; undefined where it can. */
export function refuseRepresenter ({ count, width, outputsPerExample }: Pick<LastLayer, 'count' | 'width' | 'outputsPerExample'>): string | undefined {
  const work = 2 * maxGradients * count * (width + 1) * outputsPerExample
  return work > maxWork ? `fitting the last layer again takes up to ${work.toExponential(1)} multiplications, at most ${maxWork.toExponential(0)} are made` : undefined
}

/** What a fit comes to. */
export interface Representation {
  /** by rows, [n, C] */
  alphas: Float64Array
  /** W*, [h + 1, C], the bias last */
  weights: Float64Array
  /** why the gradient did not fall to its tolerance; undefined where it did */
  failure: string | undefined
}

/** Fits the last layer again; a generator, to be left between its steps. @param last  of classes */
export function * representerPoints (last: LastLayer, options: RepresenterOptions): Generator<void, Representation> {
  const { count, outputsPerExample } = last
  const targets = targetsOf(last, options.target)
  const errors = new Float64Array(count * outputsPerExample) // p - t
  const objective = penalizedLoss(last, targets, options.lambda, errors)
  const start = new Float64Array(objective.size)
  const optimizer = createOptimizer({ type: 'lbfgs', gradientTolerance, memory: 20 }, objective, { start, budget: { evaluations: 2 * maxGradients } })
  while (!optimizer.stop) {
    optimizer.step()
    yield
  }
  objective.gradient!(optimizer.theta, start) // errors at the end
  return {
    alphas: errors.map(error => -error / (2 * options.lambda * count)),
    weights: optimizer.theta.slice(),
    failure: optimizer.stop.reason === 'gradient'
      ? undefined
      : `fitting the last layer again ended before its gradient was ${gradientTolerance}: ${optimizer.stop.text}`
  }
}

/** |alpha_i| over the classes: how much an example holds the fit, [n]. */
export function alphaNorms ({ alphas }: Representation, classes: number): Float64Array {
  return Float64Array.from({ length: alphas.length / classes }, (_, i) => Math.hypot(...alphas.subarray(i * classes, (i + 1) * classes)))
}

function targetsOf (last: LastLayer, target: RepresenterTarget): Float64Array {
  const { count, outputsPerExample, classes } = last
  return Float64Array.from({ length: count * outputsPerExample }, (_, at) => {
    const [i, c] = [Math.floor(at / outputsPerExample), at % outputsPerExample]
    return target === 'labels' ? Number(classes![i] === c) : probabilityOf(last, i, c)
  })
}

/** 1/n sum H(t, p) + lambda |W|^2. @param errors  gets p - t of the last gradient */
function penalizedLoss (last: LastLayer, targets: Float64Array, lambda: number, errors: Float64Array): Objective {
  const { count: n, outputsPerExample: classes } = last
  const inputs = withOnes(last)
  const side = last.width + 1

  function gradient (weights: Float64Array, into: Float64Array): number {
    let value = 0
    for (let at = 0; at < weights.length; at++) {
      value += lambda * weights[at]! ** 2
      into[at] = 2 * lambda * weights[at]!
    }
    for (let i = 0; i < n; i++) value += addExample(i, weights, into)
    return value
  }

  function addExample (i: number, weights: Float64Array, into: Float64Array): number {
    const z = new Float64Array(classes)
    for (let u = 0; u < side; u++) {
      const a = inputs[i * side + u]!
      if (a !== 0) for (let c = 0; c < classes; c++) z[c]! += a * weights[u * classes + c]!
    }
    const p = softmax(z)
    // H(t, p) = sum t (z_top - z) - sum t log p_top, without a logarithm of what may be 0
    let [top, cost] = [0, 0]
    for (let c = 1; c < classes; c++) if (z[c]! > z[top]!) top = c
    for (let c = 0; c < classes; c++) {
      const t = targets[i * classes + c]!
      errors[i * classes + c] = p[c]! - t
      cost += t * (z[top]! - z[c]! - Math.log(p[top]!))
    }
    for (let u = 0; u < side; u++) {
      const a = inputs[i * side + u]! / n
      if (a !== 0) for (let c = 0; c < classes; c++) into[u * classes + c]! += a * errors[i * classes + c]!
    }
    return cost / n
  }

  return {
    size: side * classes,
    value: weights => gradient(weights, new Float64Array(weights.length)),
    gradient
  }
}
