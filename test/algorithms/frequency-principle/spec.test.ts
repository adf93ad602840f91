import assert from 'node:assert/strict'
import test from 'node:test'
import { describeClassified } from '../../helpers/descriptions.js'
import { frequencyPrinciple } from '../../../src/algorithms/frequency-principle/index.js'
import { compileCheck } from '../../../src/routes/validation.js'
import { makeSpec, sines } from './helpers.js'
import { describeData, noInputs } from '../../helpers/inputs.js'

const data = { generator: { type: 'glyphs' } }

/** Paths of what check() refuses. */
function refused (changes: object): string[] {
  return frequencyPrinciple.check!(makeSpec(changes), noInputs).map(({ path }) => path)
}

test('FrequencyPrincipleSpec: nothing is required, defaults are filled inside branches and lists', () => {
  const spec = makeSpec({ optimizers: [{ type: 'pso' }, { type: 'sgd' }] })
  assert.deepEqual(spec.target, {
    type: 'sines', terms: [1, 3, 5].map(frequency => ({ frequency, amplitude: 1, phase: 0 })), points: 128
  })
  assert.deepEqual(spec.network, { hidden: [30], activation: 'tanh' })
  assert.deepEqual(spec.init, { type: 'fan-in', gain: 1 })
  assert.deepEqual(spec.spectrum, { error: 'complex', bins: 40, threshold: 0.2, recordsPerDecade: 40 })
  const [pso] = spec.optimizers
  assert.deepEqual(pso, {
    type: 'pso', particles: 60, inertia: 0.729, cognitive: 1.494, social: 1.494, topology: 'global', neighbours: 2, positionSpread: 2, velocitySpread: 0.1, steps: 1500
  })
})

test('FrequencyPrincipleSpec: refuses what cannot be meant, naming the path', () => {
  const check = compileCheck(frequencyPrinciple.spec, { root: 'spec' })
  const cases: [object, string][] = [
    [{ target: { type: 'sawtooth' } }, 'spec.target.type'],
    [{ target: { type: 'sines', points: 15 } }, 'spec.target.points'],
    [{ target: { type: 'sines', points: 1e9 } }, 'spec.target.points'],
    [{ target: { type: 'sines', terms: [] } }, 'spec.target.terms'],
    [{ target: { type: 'sines', terms: [{ frequency: 1.5 }] } }, 'spec.target.terms[0].frequency'],
    [{ target: { type: 'sines', terms: [{ frequency: -1 }] } }, 'spec.target.terms[0].frequency'],
    [{ target: { type: 'sines', terms: [{ frequency: 1, amplitude: NaN }] } }, 'spec.target.terms[0].amplitude'],
    [{ target: { type: 'sines', terms: [{ frequency: 1, phase: Infinity }] } }, 'spec.target.terms[0].phase'],
    [{ target: { type: 'samples', values: [1, 2, 3] } }, 'spec.target.values'],
    [{ target: { type: 'samples', values: new Array(16).fill(NaN) } }, 'spec.target.values[0]'],
    [{ target: { type: 'image', pixels: [[0]] } }, 'spec.target.pixels'],
    [{ target: { type: 'image', side: 65 } }, 'spec.target.side'],
    [{ network: { hidden: [0] } }, 'spec.network.hidden[0]'],
    [{ network: { hidden: [] } }, 'spec.network.hidden'],
    [{ network: { activation: 'gelu' } }, 'spec.network.activation'],
    [{ init: { type: 'fan-in', gain: 0 } }, 'spec.init.gain'],
    [{ init: { type: 'normal', deviation: -1 } }, 'spec.init.deviation'],
    [{ optimizers: [] }, 'spec.optimizers'],
    [{ optimizers: [{ type: 'newton' }] }, 'spec.optimizers[0].type'],
    [{ optimizers: [{ type: 'bfgs', learningRate: 1 }] }, 'spec.optimizers[0].learningRate'],
    [{ optimizers: [{ type: 'gd', learningRate: NaN }] }, 'spec.optimizers[0].learningRate'],
    [{ optimizers: [{ type: 'cg', steps: 0 }] }, 'spec.optimizers[0].steps'],
    [{ optimizers: [{ type: 'cg', evaluations: 0.5 }] }, 'spec.optimizers[0].evaluations'],
    [{ optimizers: [{ type: 'pso', particles: 1 }] }, 'spec.optimizers[0].particles'],
    [{ optimizers: [{ type: 'sgd', hidden: [3] }] }, 'spec.optimizers[0].hidden'],
    [{ spectrum: { threshold: 1 } }, 'spec.spectrum.threshold'],
    [{ spectrum: { frequencies: [] } }, 'spec.spectrum.frequencies'],
    [{ spectrum: { frequencies: [0] } }, 'spec.spectrum.frequencies[0]'],
    [{ gradientTolerance: -1 }, 'spec.gradientTolerance'],
    [{ targetValue: NaN }, 'spec.targetValue'],
    [{ moments: [-1] }, 'spec.moments[0]'],
    [{ seeds: [1, 1] }, 'spec.seeds'],
    [{ seed: 1 }, 'spec.seed']
  ]
  for (const [spec, path] of cases) {
    const violations = check(spec)
    assert.ok(violations.some(violation => violation.path === path), `${path} of ${JSON.stringify(violations)}`)
  }
})

test('check: presets without uploads are accepted', () => {
  for (const { spec, needs, name } of frequencyPrinciple.presets) {
    if (needs === undefined) assert.deepEqual(refused(spec), [], name)
  }
})

test('check: frequencies must be below half the points, once each, and in the target', () => {
  assert.deepEqual(refused({ target: sines([1, 64]) }), ['spec.target.terms[1].frequency'])
  assert.deepEqual(refused({ target: sines([3, 3]) }), ['spec.target.terms[1].frequency'])
  assert.deepEqual(refused({ spectrum: { frequencies: [1, 65] } }), ['spec.spectrum.frequencies[1]'])
  assert.deepEqual(refused({ spectrum: { frequencies: [1, 2] } }), ['spec.spectrum.frequencies'])
  assert.deepEqual(refused({ target: { type: 'image' }, spectrum: { frequencies: [1] } }), ['spec.spectrum.frequencies'])
})

test('check: samples without a peak are refused, those with one are not', () => {
  assert.deepEqual(refused({ target: { type: 'samples', values: new Array(32).fill(1) } }), ['spec.target'])
  const values = Array.from({ length: 32 }, (_, j) => Math.cos(2 * Math.PI * 3 * j / 32))
  assert.deepEqual(refused({ target: { type: 'samples', values } }), [])
})

test('check: a picture has rows of one length and no more bands than radii', () => {
  const pixels = Array.from({ length: 8 }, (_, i) => new Array(i === 5 ? 9 : 8).fill(i / 8))
  assert.deepEqual(refused({ target: { type: 'image', pixels, bands: 2 } }), ['spec.target.pixels[5]'])
  assert.deepEqual(refused({ target: { type: 'image', side: 8, bands: 6 } }), ['spec.target.bands'])
})

test('check: a method that does not fit the network is refused with the figure and what to do', () => {
  const find = (optimizer: object, changes: object = {}) =>
    frequencyPrinciple.check!(makeSpec({ optimizers: [optimizer], ...changes }), noInputs)
  const wide = { network: { hidden: [60, 60] } } // 120 + 3,660 + 61 parameters
  const [bfgs] = find({ type: 'bfgs' }, wide)
  assert.equal(bfgs!.path, 'spec.optimizers[0]')
  assert.match(bfgs!.rule, /at most 64 MiB, 8 P\^2 bytes for P = 3841 parameters; use lbfgs/)
  assert.equal(bfgs!.got, '113 MiB')
  assert.deepEqual(find({ type: 'lbfgs' }, wide), [])
  assert.match(find({ type: 'powell' }, { network: { hidden: [100] } })[0]!.rule, /about 4515 evaluations of 301 parameters on 128 points; .*hidden/)
  assert.deepEqual(find({ type: 'powell', hidden: [15] }, { network: { hidden: [100] } }), [])
  assert.equal(find({ type: 'pso', particles: 1000 }, { network: { hidden: [512] } }).length, 1)
  assert.equal(find({ type: 'gd' }, { network: { hidden: [512, 512] }, target: { type: 'image', side: 64 } }).length, 1)
})

test('check: a swarm has no more neighbours than half its particles, and a budget for each of them', () => {
  const pso = { type: 'pso', particles: 6 }
  assert.deepEqual(refused({ optimizers: [{ ...pso, topology: 'ring', neighbours: 4 }] }), ['spec.optimizers[0].neighbours'])
  assert.deepEqual(refused({ optimizers: [{ ...pso, topology: 'ring', neighbours: 3 }] }), [])
  assert.deepEqual(refused({ optimizers: [{ ...pso, particles: 2 }] }), [], 'without a ring the neighbours say nothing')
  assert.deepEqual(refused({ optimizers: [{ ...pso, evaluations: 5 }] }), ['spec.optimizers[0].evaluations'])
  assert.deepEqual(refused({ optimizers: [{ ...pso, evaluations: 6 }] }), [])
})

test('check: what belongs to data sets is refused elsewhere, and the other way round', () => {
  assert.deepEqual(refused({ optimizers: [{ type: 'sgd' }] }), ['spec.optimizers[0].type'])
  assert.deepEqual(refused({ optimizers: [{ type: 'adam', epochs: 2 }] }), ['spec.optimizers[0].epochs'])
  assert.deepEqual(refused({ data }), ['spec.data'])
  assert.deepEqual(refused({ target: { type: 'data' }, optimizers: [{ type: 'sgd' }] }), ['spec.data'])
})

test('check: two optimizers of one name are refused; another network or a name of their own tells them apart', () => {
  assert.deepEqual(refused({ optimizers: [{ type: 'cg' }, { type: 'cg', steps: 5 }] }), ['spec.optimizers[1].name'])
  assert.deepEqual(refused({ optimizers: [{ type: 'cg' }, { type: 'cg', hidden: [5] }, { type: 'cg', name: 'short' }] }), [])
})

test('plan: every optimizer with every seed, its spec narrowed to it', () => {
  const trials = frequencyPrinciple.plan(makeSpec({ optimizers: [{ type: 'cg' }, { type: 'powell', hidden: [8] }], seeds: [4, 2] }))
  assert.deepEqual(trials.map(({ arm, seed }) => [arm, seed]), [['CG', 4], ['CG', 2], ['Powell (8)', 4], ['Powell (8)', 2]])
  assert.deepEqual(trials.map(({ spec }) => spec.optimizers.map(({ type }) => type)), [['cg'], ['cg'], ['powell'], ['powell']])
})

test('plan: conditions change what they name, for every optimizer with the same seeds', () => {
  const conditions = [{ name: 'even' }, { name: 'high', amplitude: 3, init: { type: 'fan-in', gain: 2 } }]
  const trials = frequencyPrinciple.plan(makeSpec({ target: sines([5, 1]), optimizers: [{ type: 'cg' }], conditions, seeds: [4, 2] }))
  assert.deepEqual(trials.map(({ arm, seed }) => [arm, seed]), [['CG, even', 4], ['CG, even', 2], ['CG, high', 4], ['CG, high', 2]])
  const [even, , high] = trials.map(({ spec }) => spec)
  assert.deepEqual([even!.init, high!.init], [{ type: 'fan-in', gain: 1 }, { type: 'fan-in', gain: 2 }])
  const amplitudes = ({ target }: typeof even & object) => target.type === 'sines' && target.terms.map(({ amplitude }) => amplitude)
  assert.deepEqual([amplitudes(even!), amplitudes(high!)], [[1, 1], [3, 1]])
  const onData = frequencyPrinciple.plan(makeSpec({
    target: { type: 'data' }, data, optimizers: [{ type: 'sgd' }], conditions: [{ name: 'a' }, { name: 'b', labels: 'shuffled' }]
  }))
  assert.deepEqual(onData.map(({ spec: { target } }) => target.type === 'data' && target.labels), ['given', 'shuffled'])
})

test('check: conditions have names of their own and what their target has, and a control has a matched one', () => {
  assert.deepEqual(refused({ conditions: [{ name: 'a' }, { name: 'a' }] }), ['spec.conditions[1].name'])
  assert.deepEqual(refused({ conditions: [{ name: 'a', labels: 'shuffled' }] }), ['spec.conditions[0].labels'])
  assert.deepEqual(refused({ target: { type: 'step' }, conditions: [{ name: 'a', amplitude: 2 }] }), ['spec.conditions[0].amplitude'])
  const onData = { target: { type: 'data' }, data, optimizers: [{ type: 'sgd' }] }
  assert.deepEqual(refused({ ...onData, conditions: [{ name: 'a', init: { type: 'fan-in' } }] }), ['spec.conditions[0].init'])
  assert.deepEqual(refused({ expected: 'order-breaks' }), ['spec.conditions'])
  assert.deepEqual(refused({ expected: 'order-weakens', conditions: [{ name: 'a' }] }), ['spec.conditions'])
  assert.deepEqual(refused({ expected: 'order-weakens', conditions: [{ name: 'a' }, { name: 'b', amplitude: 2 }] }), [])
})

test('needs: Float64 targets take one slot of any lane and no tensor engine, data sets what their network and batches are worth', () => {
  const described = describeClassified({ inputShape: [28, 28, 1], dtype: 'uint8', classes: 10, trainCount: 500, testCount: 100 })
  const of = (changes: object) =>
    frequencyPrinciple.needs(frequencyPrinciple.plan(makeSpec(changes))[0]!, describeData({ data: described }))
  const { slots, device, engine, estimate } = of({ optimizers: [{ type: 'bfgs', steps: 7 }] })
  assert.deepEqual([slots, device, engine, estimate.steps], [1, 'any', 'float64', 7])
  assert.ok(estimate.bytes > 8 * 91 ** 2)
  const onData = (target: object, type: string): unknown[] => {
    const { slots, threads, engine } = of({ target: { type: 'data', ...target }, data, optimizers: [{ type }] })
    return [slots, threads, engine]
  }
  assert.deepEqual(onData({}, 'sgd'), [1, 1, 'tensor'])
  const network = { type: 'mlp', hidden: [500] }
  assert.deepEqual(onData({ network }, 'sgd'), [1, 1, 'tensor'], 'batches of 100')
  assert.deepEqual(onData({ network }, 'gd'), ['all', 'all', 'tensor'], 'all 500 at once')
  assert.deepEqual(frequencyPrinciple.inputs(makeSpec({ target: { type: 'data' }, data })).map(({ path }) => path), ['spec.data'])
})
