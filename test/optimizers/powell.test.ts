import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOptimizer, type Objective } from '../../src/optimizers/index.js'
import { fromFunction, rosenbrock } from './problems.js'

test('powell: asks alongLine once per line, never changes its arrays meanwhile, and ends where it does without', () => {
  const plain = rosenbrock(4)
  let lines = 0
  let calls = 0
  const lined: Objective = {
    size: 4,
    value: plain.value,
    alongLine (theta, direction) {
      lines++
      const [from, along] = [theta.slice(), direction.slice()]
      return (t) => {
        calls++
        assert.deepEqual([theta, direction], [from, along])
        return plain.value(from.map((x, i) => x + t * along[i]!))
      }
    }
  }
  const start = Float64Array.of(-1.2, 1, -1.2, 1)
  const [a, b] = [lined, plain].map((objective) => createOptimizer({ type: 'powell' }, objective, { start }))
  a!.step()
  assert.ok(lines === 4 || lines === 5, 'one line per direction and one for the extrapolation')
  for (let i = 0; i < 40; i++) a!.step()
  for (let i = 0; i < 41; i++) b!.step()
  assert.deepEqual(a!.save(), b!.save())
  assert.ok(calls > 5 * lines)
  assert.ok(a!.value < 1e-12)
})

test('powell: directions become conjugate: a quadratic of 5 dimensions ends after few sweeps', () => {
  const size = 5
  // x' A x / 2 - sum x, A = tridiagonal (-1, 2.1, -1)
  const apply = (x: Float64Array, i: number) => 2.1 * x[i]! - (x[i - 1] ?? 0) - (x[i + 1] ?? 0)
  const objective = fromFunction(size, (x) => x.reduce((sum, xi, i) => sum + xi * apply(x, i) / 2 - xi, 0))
  const optimizer = createOptimizer({ type: 'powell', xTolerance: 1e-6, valueTolerance: 1e-14 }, objective, { start: new Float64Array(size) })
  while (optimizer.stop === undefined) optimizer.step()
  assert.ok(optimizer.counts.steps <= 2 * size + 2, `${optimizer.counts.steps} sweeps`)
  for (let i = 0; i < size; i++) assert.ok(Math.abs(apply(optimizer.theta, i) - 1) < 1e-5)
  const { data } = optimizer.save().arrays['directions']!
  assert.ok(data.some((entry, k) => entry !== (k % (size + 1) === 0 ? 1 : 0)), 'a direction was replaced')
})

test('powell: keeps the axes where the extrapolated point is no better', () => {
  const optimizer = createOptimizer({ type: 'powell' }, fromFunction(2, ([x, y]) => x! * x! + 3 * y! * y!), { start: Float64Array.of(1, 1) })
  optimizer.step()
  assert.deepEqual(Array.from(optimizer.save().arrays['directions']!.data), [1, 0, 0, 1])
  assert.ok(optimizer.value < 1e-20)
})
