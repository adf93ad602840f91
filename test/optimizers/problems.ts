/** Test problems with their gradients; those of fixtures/make.py are the same there. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Objective } from '../../src/math/objective.js'
import { projectRoot } from '../../src/paths.js'

/** A frozen result of fixtures/make.py. */
export function readFixture<T> (name: string): T {
  return JSON.parse(readFileSync(path.join(projectRoot, 'test', 'optimizers', 'fixtures', name), 'utf8')) as T
}

/** An objective of a function that writes the gradient when it is given room for it. */
export function fromFunction (size: number, f: (x: Float64Array, gradient?: Float64Array) => number): Required<Pick<Objective, 'gradient'>> & Objective {
  return { size, value: (x) => f(x), gradient: (x, into) => f(x, into) }
}

export function rosenbrock (size: number) {
  return fromFunction(size, (x, gradient) => {
    gradient?.fill(0)
    let sum = 0
    for (let i = 0; i + 1 < size; i++) {
      const a = x[i + 1]! - x[i]! * x[i]!
      const b = 1 - x[i]!
      sum += 100 * a * a + b * b
      if (gradient === undefined) continue
      gradient[i]! += -400 * x[i]! * a - 2 * b
      gradient[i + 1]! += 200 * a
    }
    return sum
  })
}

export const himmelblau = fromFunction(2, ([x, y], gradient) => {
  const a = x! * x! + y! - 11
  const b = x! + y! * y! - 7
  if (gradient !== undefined) {
    gradient[0] = 4 * a * x! + 2 * b
    gradient[1] = 2 * a + 4 * b * y!
  }
  return a * a + b * b
})

export const beale = fromFunction(2, ([x, y], gradient) => {
  gradient?.fill(0)
  let sum = 0
  for (const [c, p] of [[1.5, 1], [2.25, 2], [2.625, 3]] as const) {
    const r = c - x! * (1 - y! ** p)
    sum += r * r
    if (gradient === undefined) continue
    gradient[0]! -= 2 * r * (1 - y! ** p)
    gradient[1]! += 2 * r * x! * p * y! ** (p - 1)
  }
  return sum
})

export function sphere (size: number) {
  return fromFunction(size, (x, gradient) => {
    let sum = 0
    for (let i = 0; i < size; i++) {
      sum += x[i]! * x[i]!
      if (gradient !== undefined) gradient[i] = 2 * x[i]!
    }
    return sum
  })
}

/** 1/2 sum of eigenvalue z², z = Q (x - 1), Q the reflection at the vector of ones, eigenvalues 1 .. 10^4. */
export function quadratic (size = 100) {
  const eigenvalues = Float64Array.from({ length: size }, (_, i) => 10 ** (4 * i / (size - 1)))
  const z = new Float64Array(size)
  return fromFunction(size, (x, gradient) => {
    for (let i = 0; i < size; i++) z[i] = x[i]! - 1
    reflect(z)
    let sum = 0
    for (let i = 0; i < size; i++) sum += 0.5 * eigenvalues[i]! * z[i]! * z[i]!
    if (gradient === undefined) return sum
    for (let i = 0; i < size; i++) gradient[i] = eigenvalues[i]! * z[i]!
    reflect(gradient)
    return sum
  })
}

function reflect (x: Float64Array): void {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length
  for (let i = 0; i < x.length; i++) x[i]! -= 2 * mean
}

/** Mean squared error of a 1-H-1 tanh network on sin x + sin 3x + sin 5x at `points` points of [-pi, pi). */
export function network (hidden = 30, points = 128) {
  const grid = Float64Array.from({ length: points }, (_, i) => -Math.PI + 2 * Math.PI * i / points)
  const target = grid.map((x) => Math.sin(x) + Math.sin(3 * x) + Math.sin(5 * x))
  const h = new Float64Array(hidden)
  return fromFunction(3 * hidden + 1, (theta, gradient) => {
    gradient?.fill(0)
    let sum = 0
    for (let n = 0; n < points; n++) {
      const x = grid[n]!
      let residual = theta[3 * hidden]! - target[n]!
      for (let j = 0; j < hidden; j++) {
        h[j] = Math.tanh(theta[j]! * x + theta[hidden + j]!)
        residual += theta[2 * hidden + j]! * h[j]!
      }
      sum += residual * residual
      if (gradient === undefined) continue
      const d = 2 * residual / points
      gradient[3 * hidden]! += d
      for (let j = 0; j < hidden; j++) {
        const dz = d * theta[2 * hidden + j]! * (1 - h[j]! * h[j]!)
        gradient[j]! += dz * x
        gradient[hidden + j]! += dz
        gradient[2 * hidden + j]! += d * h[j]!
      }
    }
    return sum / points
  })
}

/** By the names of the fixture. */
export const problems: Record<string, () => Objective> = {
  'rosenbrock-2': () => rosenbrock(2),
  'rosenbrock-10': () => rosenbrock(10),
  himmelblau: () => himmelblau,
  beale: () => beale,
  'quadratic-100': () => quadratic(100),
  network: () => network()
}
