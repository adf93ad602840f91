/** Our side of `bench:optimizers`: answers every line {method, hidden, iterations, start} on stdin with a Run (cases.ts). */
import { createInterface } from 'node:readline'
import { createOptimizer, type OptimizerSettings } from '../../src/optimizers/index.js'
import { openStream } from '../../src/math/random.js'
import { createRegression } from '../../src/tensor/float64/regression.js'
import { makePoints, netOf, PARTICLES, type Measured, type Run } from './cases.js'

/** Nothing but the number of iterations ends a run. */
const settings: Record<Measured['method'], OptimizerSettings> = {
  cg: { type: 'cg', gradientTolerance: 0 },
  bfgs: { type: 'bfgs', gradientTolerance: 0 },
  lbfgs: { type: 'lbfgs', gradientTolerance: 0, memory: 10 },
  powell: { type: 'powell', xTolerance: 1e-4, valueTolerance: 0 },
  pso: { type: 'pso', particles: PARTICLES }
}

answer({}) // its version is that of the project
for await (const line of createInterface({ input: process.stdin })) answer(run(JSON.parse(line)))

function run ({ method, hidden, iterations, start }: Measured & { start: number[] }): Run {
  const objective = createRegression(netOf(hidden), makePoints())
  const theta = Float64Array.from(start)
  const started = performance.now()
  const optimizer = createOptimizer(settings[method], objective, {
    start: theta,
    random: (purpose, ...keys) => openStream(0, purpose, ...keys),
    budget: { steps: iterations }
  })
  while (optimizer.stop === undefined) optimizer.step()
  const ms = performance.now() - started
  const { steps, functionEvaluations, gradientEvaluations } = optimizer.counts
  return { ms, iterations: steps, functionEvaluations, gradientEvaluations, value: optimizer.best.value }
}

function answer (message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
