/** The tables of a tracin report: what every order found, what the models learned, the most self-influential examples. Pure. */
import type { Report } from '../contract.js'
import { toDecimals, toDigits } from '../kit/rounding.js'
import { bestBaseline, comparedMethods, differenceOf, type Finished } from './predictions/compare.js'
import type { Measure } from './predictions/schema.js'
import { methodTitles, type MethodName } from './methods.js'
import { triageTables } from './triage/tables.js'
import { meanOf } from '../../math/mean.js'

type Table = Report['tables'][number]

const round = toDecimals(4)
const precise = toDigits(6)

/** All tables that trials with results allow. @param main  the method that the verdict is about */
export function drawTables (trials: Finished[], main: MethodName): Table[] {
  return [
    ...methodTable(trials),
    ...differenceTable(trials, main),
    ...leftOutTable(trials),
    trials[0]!.result.errors !== undefined ? errorTable(trials) : accuracyTable(trials),
    ...triageTables(trials[0]!)
  ]
}

/** Fraction found per method: the mean first, then every seed. */
function methodTable (trials: Finished[]): Table[] {
  const names = comparedMethods(trials)
  if (names.length === 0) return []
  const shares = [5, 10, 20, 30] as const
  const rows = names.flatMap(name => {
    const perSeed = trials.map(({ definition, result }) => {
      const method = result.methods.find(candidate => candidate.name === name)!
      return { seed: definition.seed, values: [...shares.map(share => method.foundAt[share]), method.auc] }
    })
    const means = perSeed[0]!.values.map((_, i) => meanOf(perSeed.map(({ values }) => values[i]!)))
    return [
      [methodTitles[name], 'mean', ...means.map(round)],
      ...perSeed.map(({ seed, values }) => [methodTitles[name], seed, ...values.map(round)])
    ]
  })
  return [{
    name: 'fraction-found',
    title: 'Fraction of the wrong labels found within the first part of the examples',
    columns: ['method', 'seed', ...shares.map(share => `@ ${share} %`), 'AUC'],
    rows
  }]
}

/** TracInCP less every other order, paired by seed; the best baselines are marked. */
function differenceTable (trials: Finished[], main: MethodName): Table[] {
  const others = comparedMethods(trials).filter(name => name !== main)
  if (others.length === 0) return []
  const compared = ['found10', 'auc'] as const satisfies readonly Measure[]
  const best = compared.map(measure => bestBaseline(trials, measure))
  const rows = others.map(name => [methodTitles[name], ...compared.flatMap((measure, m) => {
    const { mean, interval } = differenceOf(trials, main, name, measure)
    return [round(mean), roundOrNull(interval?.low ?? null), roundOrNull(interval?.high ?? null), best[m] === name ? 'best baseline' : null]
  })])
  return [{
    name: 'differences',
    title: `${methodTitles[main]} less every other order: paired difference over the seeds with its 95 % interval`,
    columns: ['method', '@ 10 %', 'from', 'to', 'best @ 10 %', 'AUC', 'AUC from', 'AUC to', 'best AUC'],
    rows
  }]
}

/** Baselines that were wanted and of which there is nothing. */
function leftOutTable (trials: Finished[]): Table[] {
  const rows = trials.flatMap(({ definition, result: { leftOut = [] } }) =>
    leftOut.map(({ name, reason }) => [methodTitles[name], definition.seed, reason]))
  return rows.length === 0 ? [] : [{ name: 'left-out', title: 'Baselines that could not be computed', columns: ['method', 'seed', 'reason'], rows }]
}

function accuracyTable (trials: Finished[]): Table {
  const values = trials.map(({ result: { accuracy, memorised } }) =>
    [accuracy!.test, accuracy!.cleanTest, accuracy!.trainGiven, accuracy!.trainTrue, memorised])
  const means = values[0]!.map((_, i) => {
    const present = values.map(row => row[i]).filter((value): value is number => typeof value === 'number')
    return present.length === 0 ? null : meanOf(present)
  })
  const rows = [
    ['mean', ...means.map(roundOrNull)],
    ...trials.map(({ definition }, t) => [definition.seed, ...values[t]!.map(value => roundOrNull(value ?? null))])
  ]
  return {
    name: 'training',
    title: 'What the models learned (accuracies)',
    columns: [
      'seed', 'test', 'test, trained on clean labels', 'training, by training labels', 'training, own labels', 'wrong labels repeated'
    ],
    rows
  }
}

/** Per predicted value: the mean over seeds first, then every seed. */
function errorTable (trials: Finished[]): Table {
  const rows = trials[0]!.result.errors!.flatMap(({ name, unit }, k) => {
    const perSeed = trials.map(({ definition, result }) => {
      const { test, deviation, trainGiven, trainTrue } = result.errors![k]!
      return { seed: definition.seed, values: [test, deviation, trainGiven, trainTrue] }
    })
    const means = perSeed[0]!.values.map((_, i) => meanOf(perSeed.map(({ values }) => values[i]!)))
    return [{ seed: 'mean', values: means }, ...perSeed].map(({ seed, values }) => [name, unit ?? null, seed, ...values.map(precise)])
  })
  return {
    name: 'training',
    title: 'What the models learned (root mean squared errors in the unit of the value)',
    columns: ['value', 'unit', 'seed', 'test', 'test, who says their mean', 'training, by training labels', 'training, own labels'],
    rows
  }
}

function roundOrNull (value: number | null): number | null {
  return value === null ? null : round(value)
}
