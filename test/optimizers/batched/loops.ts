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
      x.forEach((x_k, k) => { sum += a[k]! * (x_k - c[k]!) * (x_k - c[k]!) / 2 })
      return sum
    },
    gradient: (x: Vector): Vector => x.map((x_k, k) => a[k]! * (x_k - c[k]!))
  }
}

export interface End { state: Vector, best: number }

export function gradientLoop (objective: Quadratics, i: number, start: Vector, { learningRate, momentum, steps }: GradientSolver, box = Infinity): End {
  const { value, gradient } = open(objective, i)
  const project = (x: Vector): Vector => x.map(x_k => Math.min(Math.max(x_k, -box), box))
  let x = project(start)
  let v = start.map(() => 0)
  let best = value(x)
  for (let t = 0; t < steps; t++) {
    v = zip(v, gradient(x), (v_k, g) => momentum * v_k + g)
    x = project(zip(x, v, (x_k, v_k) => x_k - learningRate * v_k))
    best = Math.min(best, value(x))
  }
  return { state: x, best }
}

export function fistaLoop (objective: Quadratics, i: number, start: Vector, { learningRate, threshold, decay, steps }: FistaSolver): End {
  const { value, gradient } = open(objective, i)
  const whole = (x: Vector): number => value(x) + threshold * x.reduce((sum, x_k) => sum + Math.abs(x_k), 0)
  let x = start
  let y = start
  let best = whole(x)
  for (let t = 1; t <= steps; t++) {
    const rate = decay === 'root' ? learningRate * Math.sqrt(1 - (t - 1) / steps) : learningRate
    const moved = zip(y, gradient(y), (y_k, g) => y_k - rate * g)
    const next = moved.map(z => Math.abs(z) <= rate * threshold ? 0 : z - Math.sign(z) * rate * threshold)
    y = zip(next, x, (new_k, old_k) => new_k + t / (t + 3) * (new_k - old_k))
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
      const slope = (value(zip(x, u, (x_k, u_k) => x_k + h * u_k)) - value(x)) / h / samples
      g = zip(g, u, (g_k, u_k) => g_k + slope * u_k)
    }
    v = zip(v, g, (v_k, g_k) => momentum * v_k + g_k)
    x = zip(x, v, (x_k, v_k) => x_k - learningRate * v_k)
    best = Math.min(best, value(x))
  }
  return { state: x, best }
}
