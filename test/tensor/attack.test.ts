/** Attacks on TensorFlow: the oracles of every backend, and that compiled steps are the eager ones. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { norms } from '../../src/tensor/balls.js'
import { attackAll, testAttacks } from './attack-oracles.js'
import { cnn, mlp, openTestEngine } from './helpers.js'

const engine = await openTestEngine()
testAttacks(engine)

for (const norm of norms) {
  test(`createAttack: compiled ${norm} steps are those of the eager run, bit for bit`, () => {
    for (const architecture of [mlp, cnn]) {
      for (const objective of ['loss', 'margin'] as const) {
        const options = { norm, objective, box: { low: -2, high: 2 }, chunk: 16 } // the last chunk is smaller
        const budget = { radius: norm === 'l1' ? 4 : 0.5, steps: 6, stepSize: 0.2, restarts: 2 }
        const compiled = attackAll(engine, architecture, options, budget)
        assert.deepEqual(compiled, attackAll(engine, architecture, { ...options, mode: 'eager' }, budget))
        assert.ok(compiled.perturbations.some(value => value !== 0))
      }
    }
  })
}

test('createAttack: one step of the whole radius from the clean example is the fast gradient sign method', () => {
  const budget = { radius: 0.3, steps: 1, stepSize: 0.3, startRadius: 0 }
  const { perturbations, clean, attacked, labels } = attackAll(engine, mlp, { norm: 'linf' }, budget)
  for (let i = 0; i < 40; i++) {
    const own = perturbations.subarray(i * 12, (i + 1) * 12)
    if (clean[i] !== labels[i] || attacked[i] === labels[i]) continue
    assert.ok(own.every(value => Math.abs(Math.abs(value) - Math.fround(0.3)) < 1e-7))
  }
  assert.ok(attacked.some((predicted, i) => clean[i] === labels[i] && predicted !== labels[i]))
})

test('createAttack: an attack in parts is left between its looks, and gives the numbers of the whole', () => {
  const budget = { radius: 0.3, steps: 6, stepSize: 0.1, restarts: 2 }
  const parts: number[] = []
  for (const part of [16, 80]) {
    let count = 0
    assert.deepEqual(attackAll(engine, mlp, { norm: 'linf', chunk: 16 }, budget, { part, onPart: () => { count++ } }), attackAll(engine, mlp, { norm: 'linf', chunk: 16 }, budget))
    parts.push(count)
  }
  // chunks of 16, 16 and 8: at most 1 + 2 (6 + 1) looks each, fewer where none is left that is read rightly
  assert.ok(parts[0]! > 30 && parts[0]! <= 3 * 15 && parts[1]! > 4 && parts[1]! < parts[0]! / 4, `${parts}`)
})

test('createAttack: no steps are noise, and more restarts of it are never fewer misread', () => {
  const broken = (restarts: number) => {
    const { attacked, labels } = attackAll(engine, mlp, { norm: 'linf' }, { radius: 1, steps: 0, restarts })
    return attacked.reduce((sum, predicted, i) => sum + Number(predicted !== labels[i]), 0)
  }
  const counts = [1, 4, 16].map(broken)
  assert.deepEqual(counts, [...counts].sort((a, b) => a - b))
})
