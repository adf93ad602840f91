/** The solvers once more as plain loops over one instance, in the words of their papers: what batches must give to the bit. */
import type { RandomStream } from '../../../src/math/random.js'
import type { FistaSolver, GradientSolver, ZerothOrderSolver } from '../../../src/optimizers/batched/solver.js'
import type { Quadratics } from './objectives.js'

type Vector = number[]
const zip = (a: Vector, b: Vector, act: (x: number, y: number) => number): Vector => a.map((x, k) => act(x, b[k]!))

function open ({ curvatures, minima, size }: Quadratics, i: number) {
  const a = [...curvatures.slice(i * size, (i + 1) * size)]
  const c = [...minima.slice(i * size, (i + 1) * size)]
  return {
    value: (x: Vector): number => {
      let sum = 0
      x.forEach((xk, k) => { sum += a[k]! * (xk - c[k]!) * (xk - c[k]!) / 2 })
      return sum
    },
    gradient: (x: Vector): Vector => x.map((xk, k) => a[k]! * (xk - c[k]!))
  }
}

export interface End { state: Vector, best: number }

export function gradientLoop (
  objective: Quadratics, i: number, start: Vector, { learningRate, momentum, steps }: GradientSolver, box = Infinity
): End {
  const { value, gradient } = open(objective, i)
  const project = (x: Vector): Vector => x.map(xk => Math.min(Math.max(xk, -box), box))
  let x = project(start)
  let v = start.map(() => 0)
  let best = value(x)
  for (let t = 0; t < steps; t++) {
    v = zip(v, gradient(x), (vk, g) => momentum * vk + g)
    x = project(zip(x, v, (xk, vk) => xk - learningRate * vk))
    best = Math.min(best, value(x))
  }
  return { state: x, best }
}

export function fistaLoop (objective: Quadratics, i: number, start: Vector, { learningRate, threshold, decay, steps }: FistaSolver): End {
  const { value, gradient } = open(objective, i)
  const whole = (x: Vector): number => value(x) + threshold * x.reduce((sum, xk) => sum + Math.abs(xk), 0)
  let x = start
  let y = start
  let best = whole(x)
  for (let t = 1; t <= steps; t++) {
    const rate = decay === 'root' ? learningRate * Math.sqrt(1 - (t - 1) / steps) : learningRate
    const moved = zip(y, gradient(y), (yk, g) => yk - rate * g)
    const next = moved.map(z => Math.abs(z) <= rate * threshold ? 0 : z - Math.sign(z) * rate * threshold)
    y = zip(next, x, (newK, oldK) => newK + t / (t + 3) * (newK - oldK))
    x = next
    best = Math.min(best, whole(x))
  }
  return { state: x, best }
}

export function zerothOrderLoop (
  objective: Quadratics, i: number, start: Vector, { learningRate, momentum, samples, smoothing: h, steps }: ZerothOrderSolver,
  directions: (step: number) => RandomStream
): End {
  const { value } = open(objective, i)
  let x = start
  let v = start.map(() => 0)
  let best = value(x)
  for (let t = 1; t <= steps; t++) {
    const stream = directions(t)
    let g = start.map(() => 0)
    for (let sample = 0; sample < samples; sample++) {
      const u = start.map(() => stream.normal())
      const slope = (value(zip(x, u, (xk, uk) => xk + h * uk)) - value(x)) / h / samples
      g = zip(g, u, (gk, uk) => gk + slope * uk)
    }
    v = zip(v, g, (vk, gk) => momentum * vk + gk)
    x = zip(x, v, (xk, vk) => xk - learningRate * vk)
    best = Math.min(best, value(x))
  }
  return { state: x, best }
}
