/** The tables of networks: accuracies over radii, speed beside clean training, checks. Pure. */
import type { Report } from '../../contract.js'
import { toDigits } from '../../kit/rounding.js'
import { sureOf } from '../../kit/sure.js'
import { sayNetwork } from '../arms.js'
import { accuraciesAt } from './network-claims.js'
import { cleanNetwork, type NetworkArm } from './trials.js'

type Table = Report['tables'][number]

/** All tables; none where no trial has a result. */
export function networkTables (arms: NetworkArm[]): Table[] {
  return arms.length === 0 ? [] : [armTable(arms), checkTable(arms)]
}

/** What every network keeps at every radius, and how quickly it was trained. */
function armTable (arms: NetworkArm[]): Table {
  const radii = radiiOf(arms)
  return {
    name: 'networks',
    title: 'Part of the test examples that is read rightly',
    columns: [
      'training', 'q', 'radius', 'network', 'weights', 'seeds', 'clean, all examples', 'attacked examples', ...radii.map(radius => `at ${radius}`), 'samples per second', 'of clean training'
    ],
    rows: arms.map(arm => {
      const { name, q, problem: { network }, trials } = arm
      const { radius, parameters, examples } = trials[0]!.of
      const clean = cleanNetwork(arms, arm)
      const [speed, plain] = [speedOf(arm), clean === undefined ? NaN : speedOf(clean)]
      return [
        name, q, radius, sayNetwork(network), parameters, trials.length, mean(trials.map(({ of }) => of.accuracy)), examples,
        ...radii.map(radius => mean(accuraciesAt(arm, radius))), finite(speed), finite(speed / plain)
      ]
    })
  }
}

function checkTable (arms: NetworkArm[]): Table {
  return {
    name: 'checks',
    title: 'Whether the robust accuracy at the largest radius means anything: each check compares with another attack',
    columns: ['training', 'seed', 'check', 'rule', 'accuracy', 'passed', 'evidence'],
    rows: arms.flatMap(({ name, trials }) => trials.flatMap(({ seed, of: { checks } }) => checks.map(check =>
      [name, seed, check.name, check.rule, finite(check.accuracy), check.passed ? 'yes' : 'no', check.evidence])))
  }
}

/** All radii at which anything was measured, ascending. */
export function radiiOf (arms: readonly NetworkArm[]): number[] {
  return [...new Set(arms.flatMap(({ trials }) => trials[0]!.of.curve.map(({ radius }) => radius)))].sort((a, b) => a - b)
}

/** Samples per second in training, mean over epochs and seeds; NaN where one has none. */
export function speedOf ({ trials }: NetworkArm): number {
  return sureOf(trials.map(({ metrics: { samplesPerSecond: speeds } }) => speeds === undefined ? null : sureOf(speeds.values).mean)).mean
}

function mean (values: (number | null)[]): number | null {
  return finite(sureOf(values).mean)
}

function finite (value: number): number | null {
  return Number.isFinite(value) ? toDigits(6)(value) : null
}
