import assert from 'node:assert/strict'
import test from 'node:test'
import { fillSpec } from '../../helpers/drive.js'
import { learnedInitialization } from '../../../src/algorithms/learned-initialization/index.js'
import type { Algorithm } from '../../../src/algorithms/contract.js'
import type { FamilySpec } from '../../../src/algorithms/learned-initialization/families/spec.js'
import { syntheticFamilies } from '../../../src/algorithms/learned-initialization/families/synthetic/index.js'
import { bestOf, isPlainDescent, labelsNeeded, predict } from '../../../src/algorithms/learned-initialization/families/synthetic/theory.js'
import type { InitializationSpec } from '../../../src/algorithms/learned-initialization/spec.js'
import { meanOf } from '../../../src/math/mean.js'
import { openStream } from '../../../src/math/random.js'

const filled = (spec: object) => fillSpec<InitializationSpec>(learnedInitialization as unknown as Algorithm, spec)
const of = (family: FamilySpec, initialiser: object) => predict(family, filled({ initialisers: [initialiser] }).initialisers[0]!)
const basins = (shift: number): FamilySpec => ({ type: 'two-basins', gap: 2, shift })

test('predict: a conditional start beats P0 if and only if more of it lies in the better basin', () => {
  for (const shift of [0, 0.4, 1, 3]) {
    const [random, given] = [of(basins(shift), { type: 'random' }), of(basins(shift), { type: 'conditional' })]
    assert.equal(given.mean! < random.mean!, given.success! > random.success!)
    assert.equal(given.mean! < random.mean!, shift > 0, 'with its mean on the border P0 is as good')
  }
})

test('predict: what is foretold of P0 and P(. | x) is what drawing and counting finds', () => {
  const family = syntheticFamilies['two-basins'](basins(0.7) as never)
  const instances = family.sample(20_000, openStream(0, 'instances'))
  for (const [type, starts] of [['random', family.start(20_000, openStream(0, 'a'))], ['conditional', family.startGiven(instances, openStream(0, 'b'))]] as const) {
    assert.ok(Math.abs(meanOf(family.isBest!(instances, starts)) - of(basins(0.7), { type }).success!) < 0.01, type)
  }
})

test('labelsNeeded: the least number of starts whose best one is more often than not in the better basin', () => {
  for (const mass of [0.01, 0.1587, 0.3, 0.6]) {
    const r = labelsNeeded(mass)
    assert.ok(bestOf(mass, r) > 0.5 && (r === 1 || bestOf(mass, r - 1) <= 0.5), `${mass}: ${r}`)
  }
  assert.deepEqual([1, 10].map(labels => of(basins(1), { type: 'arg-init', labels }).success), [0, 1], 'the mean of solutions lies on the side of most')
  assert.equal(of(basins(1), { type: 'arg-init', labels: 4 }).success, undefined, 'as many on both sides')
})

test('predict: of the control all starts that see no values are equal, and several starts are as their least is', () => {
  const family: FamilySpec = { type: 'unrelated', size: 3 }
  const blind = ['random', 'conditional', 'heuristic', 'nearest', 'arg-init', 'val-init'].map(type => of(family, { type }))
  for (const one of blind) assert.deepEqual(one, blind[0])
  // each number of theta is at -1/4 or, with probability 1/3, at 1/12: counted out
  const value = (worse: number) => -3 / 4 + worse / 3
  const probability = [8, 12, 6, 1].map(count => count / 27)
  assert.ok(Math.abs(blind[0]!.mean! - probability.reduce((sum, p, k) => sum + p * value(k), 0)) < 1e-12)
  const two = probability.reduce((sum, p, k) => sum + probability.reduce((inner, q, l) => inner + p * q * value(Math.min(k, l)), 0), 0)
  assert.ok(Math.abs(of(family, { type: 'multi-start', starts: 2 }).mean! - two) < 1e-12)
  assert.ok(Math.abs(of(family, { type: 'multi-start', starts: 2 }).success! - (1 - (19 / 27) ** 2)) < 1e-12)
  assert.deepEqual(of(family, { type: 'reference' }), { success: 1, mean: -3 / 4 })
})

test('predict: an oracle of values is several starts; of other families nothing is known', () => {
  assert.deepEqual(of(basins(1), { type: 'val-init', candidates: 7, oracle: true }), of(basins(1), { type: 'multi-start', starts: 7 }))
  assert.equal(of(basins(1), { type: 'val-init' }).success, undefined)
  assert.deepEqual(of(filled({}).family, { type: 'random' }), {})
})

test('isPlainDescent: theory speaks of no momentum and no rate above 2', () => {
  const solver = (changes: object) => filled({ solver: { type: 'gradient', ...changes } }).solver
  assert.deepEqual([{}, { learningRate: 2.1 }, { momentum: 0.5 }].map(changes => isPlainDescent(solver(changes))), [true, false, false])
  assert.equal(isPlainDescent(filled({ solver: { type: 'fista' } }).solver), false)
})
