/** What `bench:optimizers` measures: whole runs on 1-hidden-1 networks and 128 points of sin x + sin 3x + sin 5x. */
import { openStream } from '../../src/math/random.js'
import { initialize, type RegressionNet } from '../../src/tensor/float64/regression.js'

export interface Measured {
  method: 'cg' | 'bfgs' | 'lbfgs' | 'powell' | 'pso'
  hidden: number[]
  /** iterations of a run: line searches, sweeps (Powell), moves of the swarm (PSO) */
  iterations: number
  /** most that ours / peer may be for the whole run; null: reported only */
  aim: number | null
}

export const measured: Measured[] = [
  { method: 'cg', hidden: [30], iterations: 600, aim: 1 / 3 },
  { method: 'cg', hidden: [200], iterations: 300, aim: 1 / 2 },
  { method: 'cg', hidden: [20, 20], iterations: 300, aim: null },
  { method: 'bfgs', hidden: [30], iterations: 300, aim: 1 / 3 },
  { method: 'bfgs', hidden: [200], iterations: 60, aim: 1 / 2 },
  { method: 'bfgs', hidden: [20, 20], iterations: 100, aim: null },
  { method: 'lbfgs', hidden: [30], iterations: 600, aim: null },
  { method: 'lbfgs', hidden: [200], iterations: 300, aim: null },
  { method: 'powell', hidden: [15], iterations: 40, aim: 1 / 2 },
  { method: 'powell', hidden: [30], iterations: 15, aim: 1 / 2 },
  { method: 'pso', hidden: [30], iterations: 300, aim: 1 / 1.5 }
]

export const POINTS = 128
export const PARTICLES = 60

export const netOf = (hidden: number[]): RegressionNet => ({ inputs: 1, hidden, activation: 'tanh' })

/** Both sides begin here: weights and biases from N(0, 1 / fan-in). */
export const startOf = (hidden: number[]): Float64Array => initialize(netOf(hidden), { scheme: 'fan-in', gain: 1 }, openStream(0, 'init'))

/** x on the half-open grid [-pi, pi). */
export function makePoints (): { x: Float64Array, y: Float64Array } {
  const x = Float64Array.from({ length: POINTS }, (_, p) => -Math.PI + 2 * Math.PI * p / POINTS)
  return { x, y: x.map(value => Math.sin(value) + Math.sin(3 * value) + Math.sin(5 * value)) }
}

/** One run of one side. */
export interface Run {
  /** of the whole run, without making the problem */
  ms: number
  iterations: number
  /** of the value, and of the gradient */
  functionEvaluations: number
  gradientEvaluations: number
  value: number
}
