/**
 * Dense networks with one linear output in Float64 and their mean squared error over all points: value, gradient by
 * hand-written backward pass, values along a line and of many parameter vectors.
 */
import { AppError } from '../../errors.js'
import { type Objective } from '../../math/objective.js'
import { type RandomStream } from '../../math/random.js'
import type { Kernels } from './kernels.js'
import { createLines } from './line.js'
import { createWorkspace, threadKernels, type RegressionNet } from './workspace.js'

export type { RegressionNet } from './workspace.js'

/** Mean squared error over all points as a function of the flat parameters, and its parts. */
export interface Regression extends Objective {
  readonly net: RegressionNet
  /** Writes the gradient. @returns the value */
  gradient (theta: Float64Array, into: Float64Array): number
  alongLine (theta: Float64Array, direction: Float64Array): (t: number) => number
  values (points: Float64Array, count: number, into: Float64Array): void
  /** Outputs at the points x. @param into [n], a new array when absent @returns into */
  predict (theta: Float64Array, into?: Float64Array): Float64Array
}

export type Initialization = { scheme: 'fan-in', gain: number } | { scheme: 'normal', deviation: number }

/** Number of weights and biases. */
export function parameterCount ({ inputs, hidden }: RegressionNet): number {
  let count = 0
  let fanIn = inputs
  for (const units of [...hidden, 1]) {
    count += (fanIn + 1) * units
    fanIn = units
  }
  return count
}

/**
 * Draws weights and biases: 'fan-in' from N(0, gain² / fanIn), biases too; 'normal' from N(0, deviation²).
 * @returns flat, layer by layer: weight [fanIn, units] by rows, bias [units]; drawn in this order
 */
export function initialize (net: RegressionNet, init: Initialization, stream: RandomStream): Float64Array {
  const theta = new Float64Array(parameterCount(net))
  let at = 0
  let fanIn = net.inputs
  for (const units of [...net.hidden, 1]) {
    const deviation = init.scheme === 'fan-in' ? init.gain / Math.sqrt(fanIn) : init.deviation
    for (const end = at + (fanIn + 1) * units; at < end; at++) theta[at] = deviation * stream.normal()
    fanIn = units
  }
  return theta
}

/**
 * Makes the objective of a network on points. The functions give the same bits for the same arguments, whatever was
 * computed before, and keep no argument but those of alongLine.
 * @param data    x [n, inputs] by rows, y [n], n >= 1; copied
 * @param kernels the thread's own by default
 * @throws AppError when the lengths do not fit
 */
export function createRegression (
  net: RegressionNet, data: { x: Float64Array, y: Float64Array }, kernels: Kernels = threadKernels()
): Regression {
  const { x, y } = data
  const size = parameterCount(net)
  if (y.length === 0) throw new AppError('invalid_input', 'y must have 1 number or more, got 0')
  checkLength('x', x, y.length * net.inputs)
  const workspace = createWorkspace(net, x, y, kernels)
  const { layout } = workspace
  const alongLine = createLines(workspace)

  /** Makes the memory ours and writes the parameters into it. */
  function put (theta: Float64Array): void {
    checkLength('theta', theta, size)
    workspace.attach()
    workspace.theta.set(theta)
  }

  return {
    net,
    size,
    value (theta) {
      put(theta)
      return kernels.value(layout.net, layout.theta)
    },
    gradient (theta, into) {
      put(theta)
      const result = kernels.gradient(layout.net, layout.theta, layout.gradient)
      into.set(workspace.gradient)
      return result
    },
    alongLine (theta, direction) {
      checkLength('theta', theta, size)
      checkLength('direction', direction, size)
      return alongLine(theta, direction)
    },
    values (points, count, into) {
      workspace.attach()
      workspace.reserve(count * (size + 1) * 8)
      const at = layout.end + count * size * 8
      workspace.f64.set(points.subarray(0, count * size), layout.end / 8)
      kernels.values(layout.net, layout.end, count, at)
      into.set(workspace.f64.subarray(at / 8, at / 8 + count))
    },
    predict (theta, into = new Float64Array(y.length)) {
      put(theta)
      kernels.predict(layout.net, layout.theta, layout.outputs)
      into.set(workspace.f64.subarray(layout.outputs / 8, layout.outputs / 8 + y.length))
      return into
    }
  }
}

function checkLength (name: string, array: Float64Array, length: number): void {
  if (array.length !== length) throw new AppError('invalid_input', `${name} must have ${length} numbers, got ${array.length}`)
}
