import assert from 'node:assert/strict'
import test from 'node:test'
import type { LinearProblem } from '../../../src/algorithms/adversarial-bias/linear/spec.js'
import { adversarialBias } from '../../../src/algorithms/adversarial-bias/index.js'
import { predictionOf } from '../../../src/algorithms/adversarial-bias/report/predicts.js'
import { claimNames } from '../../../src/algorithms/adversarial-bias/claim-names.js'
import { draw } from '../../../src/figures/draw.js'
import { curveOf, finishLinear, finishNetworks, judge, makeNetworkSpec, makeSpec, type Made } from './made-results.js'

const fraction = (of: number, q: number | string = 2) => ({ q, radius: { type: 'fraction', of } })
const tuned = { radius: { type: 'tuned' } }
const linear = (points: object, trainings: object[], seeds = [0, 1]) =>
  makeSpec({ problem: { type: 'linear', points, steps: 10_000 }, trainings, seeds })

const forty = linear({ type: 'forty' }, [{}, fraction(0.9), tuned])
const isClean = ({ arm }: Made) => arm.radius.type === 'none'

/** Errors that fall by a factor for every power of ten, clean ones and others. */
const falling = (clean: number, other: number) => (made: Made) =>
  ({ curve: curveOf(made.arm, step => 0.5 * (isClean(made) ? clean : other) ** Math.log10(step)) })

test('faster: the tuned error must fall as 1 / sqrt(T) would have it, and the clean one must not', () => {
  assert.equal(judge(forty, 'faster', finishLinear(forty, falling(0.8, 0.5))).holds, true)
  assert.equal(judge(forty, 'faster', finishLinear(forty, falling(0.8, 0.6))).holds, false)
  assert.equal(judge(forty, 'faster', finishLinear(forty, falling(0.6, 0.5))).holds, false)
})

test('half and ahead: compared with clean training at the same step, paired by seed', () => {
  const ending = (other: number) => (made: Made) => ({ curve: curveOf(made.arm, () => isClean(made) ? 0.1 : other) })
  assert.deepEqual([0.049, 0.051].map(other => judge(forty, 'half', finishLinear(forty, ending(other))).holds), [true, false])
  assert.deepEqual([0.099, 0.101].map(other => judge(forty, 'ahead', finishLinear(forty, ending(other))).holds), [true, false])
  const scattered = (made: Made) => ({ curve: curveOf(made.arm, () => isClean(made) ? 0.1 : made.seed === 0 ? 0.02 : 0.099) })
  assert.equal(judge(forty, 'ahead', finishLinear(forty, scattered)).holds, false, 'two seeds that say different things')
})

test('law: error times norm against ln(a1 / a2) / (a1 + a2)', () => {
  const constant = Math.log(3 / 0.4) / 3.4
  const ending = (factor: number) => (made: Made) => ({ curve: curveOf(made.arm, () => factor * constant / 7, () => 7) })
  assert.deepEqual([0.971, 1.029, 0.969, 1.031].map(factor => judge(forty, 'law', finishLinear(forty, ending(factor))).holds), [true, true, false, false])
  const two = linear({ type: 'two-vectors', along: [1, 2] }, [{}])
  assert.match(predictionOf({ ...two, claims: ['law'] }), /= 0\.231/)
})

test('limit: of one point the soft threshold for linf, the point itself for l2 and clean training', () => {
  const absolute = (value: number, q: number | string) => ({ q, radius: { type: 'absolute', value } })
  const spec = linear({ type: 'given', points: [[3, 1]] }, [{}, absolute(0.5, 2), absolute(0.5, 'infinity'), absolute(2, 'infinity')], [0])
  assert.match(predictionOf({ ...spec, claims: ['limit'] }), /\(0\.9487, 0\.3162\), \(0\.9487, 0\.3162\), \(0\.9806, 0\.1961\), \(1\.0000, 0\.0000\)/)
  const limits: Record<string, number[]> = { clean: [3, 1], 'l2 0.5': [3, 1], 'linf 0.5': [2.5, 0.5], 'linf 2': [1, 0] }
  const turned = (angle: number) => ({ name, arm }: Made) => {
    const [x, y] = limits[name]!
    const at = Math.atan2(y!, x!) + angle
    const mixed = { margin: 1, bound: 1, gap: 0, supports: 1, direction: [1, 0] }
    return { direction: [Math.cos(at), Math.sin(at)], gammaQ: 3, mixed, curve: curveOf(arm, () => angle) }
  }
  assert.deepEqual([0.0009, 0.0011].map(angle => judge(spec, 'limit', finishLinear(spec, turned(angle))).holds), [true, false])
})

test('mixed-norm: a quarter of the distance between two limits may be left, of limits that are apart', () => {
  const spec = linear({ type: 'given', points: [[3, 1], [2, 6]] }, [{}, fraction(0.9, 'infinity')])
  const left = (error: number, limit: number[]) => (made: Made) => isClean(made)
    ? {}
    : { mixed: { margin: 0.1, bound: 0.1, gap: 0, supports: 1, direction: limit }, curve: curveOf(made.arm, () => error) }
  const apart = Math.hypot(1 - Math.SQRT1_2, Math.SQRT1_2)
  assert.equal(judge(spec, 'mixed-norm', finishLinear(spec, left(0.24 * apart, [1, 0]))).holds, true)
  assert.equal(judge(spec, 'mixed-norm', finishLinear(spec, left(0.26 * apart, [1, 0]))).holds, false)
  assert.equal(judge(spec, 'mixed-norm', finishLinear(spec, left(0, [Math.SQRT1_2, Math.SQRT1_2]))).holds, null, 'nothing to tell apart')
})

test('control: the norm must rest, points must stay misread; other claims leave such a training out, saying so', () => {
  const spec = linear({ type: 'forty' }, [{}, fraction(1.2)])
  const ended = (growth: number, misread: number) => (made: Made) => isClean(made)
    ? {}
    : { outcome: 'finite' as const, curve: curveOf(made.arm, () => 0.3, step => step < 10_000 ? 1 : 1 + growth), metrics: { robustError: { steps: [1], values: [misread] } } }
  assert.equal(judge(spec, 'control', finishLinear(spec, ended(0.009, 0.1))).holds, true)
  assert.equal(judge(spec, 'control', finishLinear(spec, ended(0.011, 0.1))).holds, false)
  assert.equal(judge(spec, 'control', finishLinear(spec, ended(0.009, 0))).holds, false)
  const ahead = judge(spec, 'ahead', finishLinear(spec, ended(0, 0.1)))
  assert.equal(ahead.holds, null)
  assert.match(ahead.evidence, /does not apply to l2 1\.2 gamma: the radius is gamma_q or more/)
})

test('report: points that nothing separates, and trials that are missing, decide nothing; chatter is told', () => {
  // such a training has no direction to be held against, and no curve
  const trials = finishLinear(forty, () => ({ outcome: 'not-separable', clean: null, mixed: null, gammaQ: 0, curve: [] }))
  const unseparable = judge(forty, 'half', trials)
  assert.equal(unseparable.holds, null)
  assert.match(unseparable.evidence, /the claim does not apply\. No line through the origin separates the points \(clean, l2 0\.9 gamma, l2 tuned\)$/)
  assert.match(adversarialBias.report({ ...forty, claims: [] }, trials).verdict.evidence, /^Nothing was claimed\. No line through the origin/)
  assert.match(judge(forty, 'half', finishLinear(forty).slice(1)).evidence, /^1 of 6 trials have no result$/)
  const chattering = judge(forty, 'law', finishLinear(forty, made => isClean(made) ? {} : { outcome: 'chattered', chatter: [1] }))
  assert.match(chattering.evidence, /Chattered: .* in l2 0\.9 gamma \(1 of 2 numbers of w\), l2 tuned/)
})

const networks = makeNetworkSpec({
  trainings: [{ q: 'infinity' }, { q: 'infinity', radius: { type: 'absolute', value: 0.2 } }, { q: 'infinity', radius: { type: 'absolute', value: 0.2 }, network: { type: 'mlp', hidden: [8] } }],
  seeds: [0, 1]
}, { evaluation: { radii: [0, 0.1, 0.2, 0.3] } })

test('robust: thirty points at the training’s own radius, and no check that fails', () => {
  const spec = { ...networks, trainings: networks.trainings.slice(0, 2) }
  const kept = (accuracy: number, passed = true) => (made: Made) => isClean(made)
    ? { curve: [{ radius: 0.2, accuracy: 0.4 }] }
    : { curve: [{ radius: 0.2, accuracy }], checks: [{ name: 'noise', rule: '', accuracy: 1, passed, evidence: '' }] }
  assert.equal(judge(spec, 'robust', finishNetworks(spec, kept(0.71))).holds, true)
  assert.equal(judge(spec, 'robust', finishNetworks(spec, kept(0.69))).holds, false)
  const masked = judge(spec, 'robust', finishNetworks(spec, kept(0.9, false)))
  assert.equal(masked.holds, false)
  assert.match(masked.evidence, /the checks noise failed.*Beware of the robust accuracy of linf 0\.2 \(noise\)/)
})

test('wide: the most weights against the fewest at one radius', () => {
  const kept = (wide: number) => ({ arm }: Made) => arm.training.network === undefined
    ? { curve: [{ radius: 0.2, accuracy: 0.7 }] }
    : { parameters: 200, curve: [{ radius: 0.2, accuracy: wide }] }
  assert.deepEqual([0.71, 0.69].map(wide => judge(networks, 'wide', finishNetworks(networks, kept(wide))).holds), [true, false])
})

test('report: every claim says what it holds the trials against', () => {
  for (const claim of claimNames) assert.ok(predictionOf({ ...forty, claims: [claim] }).length > 40, claim)
})

test('report: every figure that the trials allow is drawn, and tables have a cell for every column', async () => {
  const speeds = (made: Made) => ({ sheet: 24, metrics: { samplesPerSecond: { steps: [8], values: [isClean(made) ? 1000 : 200] } } })
  const controlled = linear({ type: 'forty' }, [{}, fraction(1.2)], [0])
  const reports = [
    adversarialBias.report(forty, finishLinear(forty)),
    adversarialBias.report(controlled, finishLinear(controlled, made => isClean(made) ? { law: { exponent: null, logarithmic: null, logarithmicResidual: null, power: null, powerResidual: null } } : { outcome: 'finite' })),
    adversarialBias.report(networks, finishNetworks(networks, speeds))
  ]
  assert.deepEqual(reports.map(({ figures }) => figures.map(({ name }) => name)), [
    ['direction', 'margins', 'laws', 'norm', 'plane'],
    ['direction', 'margins', 'norm', 'plane'],
    ['radii', 'epochs', 'grid', 'speed', 'attacked-0', 'attacked-1', 'attacked-2']
  ])
  for (const { figures, tables } of reports) {
    for (const { columns, rows } of tables) for (const row of rows) assert.equal(row.length, columns.length)
    for (const figure of figures) {
      if (!('vegaLite' in figure)) continue
      const svg = new TextDecoder().decode(await draw({ vegaLite: figure.vegaLite, format: 'svg' }))
      assert.doesNotMatch(svg, /NaN|undefined/, figure.name)
    }
  }
  const speed = reports[2]!.tables[0]!
  assert.equal(speed.rows[1]![speed.columns.indexOf('of clean training')], 0.2)
})

test('report: the horizons of a tuned training stand in the table of errors as papers print it', () => {
  const { tables } = adversarialBias.report(forty, finishLinear(forty, falling(0.8, 0.5)))
  const errors = tables.find(({ name }) => name === 'errors')!
  assert.deepEqual(errors.columns.slice(3), ['T 100', 'T 1000', 'T 10000'])
  assert.deepEqual(errors.rows[2]!.slice(3).map(value => Number(Number(value).toFixed(6))), [0.125, 0.0625, 0.03125])
  assert.equal((forty.problem as LinearProblem).steps, 10_000)
})
