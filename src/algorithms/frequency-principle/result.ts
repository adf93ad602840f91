/** What a trial returns, and how it is drawn from a history. Pure. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed } from '../../choices.js'
import type { Stop } from '../../optimizers/index.js'
import { firstPassage, learningOrder, PairsSchema, type Band, type SpectralHistory } from '../kit/spectrum/index.js'
import { DataFindings } from './data/spec.js'

const step = Type.Integer({ minimum: 0, description: 'Iterations behind (unit: steps)' })
const evaluations = Type.Number({ minimum: 0, description: 'Function and gradient evaluations behind' })
const amplitudes = (description: string) => Type.Array(Type.Number({ minimum: 0 }), { description })

const reasons = ['gradient', 'value', 'steps', 'evaluations', 'line-search', 'stalled', 'unbounded', 'not-finite'] as const

const ResultBand = Type.Object({
  key: Type.String({ description: 'Ends the name of its metric: spectralError/key' }),
  label: Type.String({ description: 'For axes' }),
  frequency: Type.Number({ description: 'Orders the bands of a group: cycles per domain, radius, or low before high' }),
  amplitude: Type.Number({ description: 'Of the target in this band' }),
  group: Type.String({ description: 'Bands are compared within a group: all of a grid; low and high of one width of a filter' }),
  shuffled: Type.Optional(Type.Object({
    median: Type.Number(), high: Type.Number({ description: '95th percentile' })
  }, { ...closed, description: 'Amplitude of the target with its rows shuffled; only for target data' })),
  isNoise: Type.Optional(Type.Boolean({ description: 'The target has no more here than shuffled ones: measured, and no part of an order; only for target data' })),
  constant: Type.Optional(Type.Number({ minimum: 0, description: 'Relative error of a predictor that always says how frequent the classes are; only for target data' }))
}, closed)

const Order = Type.Object({
  group: Type.String({ description: 'The bands that are compared' }),
  ordered: Type.Union([Type.Boolean(), Type.Null()], {
    description: 'The lowest band was learned, and not after the highest; null when neither was, or when fewer than two bands are more than noise'
  }),
  swaps: Type.Integer({ minimum: 0, description: 'Neighbouring bands of which the higher was learned first' }),
  ratio: Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description: 'Step of the highest band over that of the lowest, at least 1; null when one was never learned' }),
  pairs: PairsSchema,
  tau: Type.Union([Type.Number({ minimum: -1, maximum: 1 }), Type.Null()], {
    description: 'Kendall’s tau-b between frequency and step of learning over all pairs of bands whose order is known; null when that is none'
  })
}, closed)

const Snapshot = Type.Object({
  step,
  label: Type.String({ description: 'Why this moment: start, a band learned, end' }),
  loss: Type.Number({ description: 'At this step' }),
  fit: Type.Array(Type.Number(), { description: 'Outputs at the points; empty for target data' }),
  spectrum: amplitudes('Amplitudes of the outputs at spectrum.frequencies')
}, closed)

/** Schema of what one trial returns. */
export const FrequencyPrincipleResult = Type.Object({
  parameters: Type.Integer({ minimum: 1, description: 'Numbers that the network learns' }),
  points: Type.Integer({ minimum: 1, description: 'Points or examples that are fitted' }),
  bands: Type.Array(ResultBand, { minItems: 1 }),
  history: Type.Object({
    steps: Type.Array(step),
    evaluations: Type.Array(evaluations),
    losses: Type.Array(Type.Number()),
    errors: Type.Array(Type.Array(Type.Number({ minimum: 0 })), { description: 'Relative error, [record][band]' })
  }, { ...closed, description: 'One entry per record' }),
  learned: Type.Array(Type.Union([Type.Object({ step, evaluations }, closed), Type.Null()]), {
    description: 'Per band the first record from which on its error stays below the threshold; null: not before the end'
  }),
  orders: Type.Array(Order, { minItems: 1 }),
  ordered: Type.Union([Type.Boolean(), Type.Null()], { description: 'Low before high in every group where that is known; null: it is in none' }),
  outcome: choice(reasons, { description: 'Why it ended' }),
  stop: Type.Object({
    reason: choice(reasons, { description: 'The outcome' }),
    text: Type.String(),
    advice: Type.String()
  }, closed),
  counts: Type.Object({
    steps: step,
    functionEvaluations: Type.Number({ minimum: 0, description: 'Of the loss' }),
    gradientEvaluations: Type.Number({ minimum: 0, description: 'Of the gradient' })
  }, closed),
  loss: Type.Number({ description: 'At the last record' }),
  picture: Type.Union([Type.Object({ height: Type.Integer({ minimum: 1 }), width: Type.Integer({ minimum: 1 }) }, closed), Type.Null()], {
    description: 'Shape of target and fits when they are grey values of a picture'
  }),
  target: Type.Array(Type.Number(), { description: 'f at the points; empty for target data' }),
  spectrum: Type.Object({
    frequencies: Type.Array(Type.Number()),
    target: amplitudes('Amplitudes of the target'),
    shuffled: Type.Optional(amplitudes('95th percentile of those of the target with its rows shuffled; only for target data'))
  }, closed),
  snapshots: Type.Array(Snapshot, { description: 'Ascending by step' }),
  test: Type.Optional(Type.Object({
    points: Type.Integer({ minimum: 1, description: 'Of the denser grid' }),
    loss: Type.Number({ description: 'Mean squared error there' }),
    errors: Type.Array(Type.Number({ minimum: 0 }), { description: 'Relative error there, per band' })
  }, { ...closed, description: 'On the denser grid, at the last record; only where target.testPoints asks for it' })),
  data: Type.Optional(DataFindings)
}, closed)
export type FrequencyPrincipleResult = Static<typeof FrequencyPrincipleResult>
export type ResultBand = Static<typeof ResultBand>
export type Snapshot = Static<typeof Snapshot>

/** Puts all bands of a probe into one group. */
export function groupBands (bands: readonly Band[], group: string): ResultBand[] {
  return bands.map(band => ({ ...band, group }))
}

/** When the bands were learned, and in which order, group by group. @param bands within each group ascending by frequency */
export function ordersOf (bands: readonly ResultBand[], history: SpectralHistory, threshold: number) {
  const learned = bands.map((_, i) => firstPassage(history, i, threshold))
  const orders = groupsOf(bands).map(group => ({ group, ...orderIn(group, { bands, learned }) }))
  const known = orders.filter(({ ordered }) => ordered !== null)
  return { learned, orders, ordered: known.length === 0 ? null : known.every(({ ordered }) => ordered) }
}

/** The groups of bands, as they come. */
export function groupsOf (bands: readonly ResultBand[]): string[] {
  return [...new Set(bands.map(({ group }) => group))]
}

/** In which order the bands of one group were learned: from the bands and their passages alone, which results of all versions have. */
export function orderIn (group: string, { bands, learned }: Pick<FrequencyPrincipleResult, 'learned'> & { bands: readonly ResultBand[] }) {
  const members = bands.flatMap((band, i) => band.group === group ? [i] : [])
  return learningOrder(members.map(i => bands[i]!), members.map(i => learned[i]!))
}

/** What is known when a trial ends. */
export interface Finished {
  parameters: number
  points: number
  bands: ResultBand[]
  history: SpectralHistory
  threshold: number
  stop: Stop
  counts: FrequencyPrincipleResult['counts']
  picture: FrequencyPrincipleResult['picture']
  /** [points]; none for target data */
  target?: Float64Array
  spectrum: FrequencyPrincipleResult['spectrum']
  snapshots: Snapshot[]
  test?: NonNullable<FrequencyPrincipleResult['test']>
  data?: DataFindings
}

/** Draws the result from what is known. Numbers of pictures keep 6 digits, what is concluded from is exact. */
export function concludeTrial (known: Finished): FrequencyPrincipleResult {
  const { parameters, points, bands, history, threshold, stop, counts, picture, target, spectrum, snapshots, test, data } = known
  return {
    parameters,
    points,
    bands,
    history: { ...history, errors: history.errors.map(brief) },
    ...ordersOf(bands, history, threshold),
    outcome: stop.reason,
    stop,
    counts,
    loss: history.losses.at(-1)!,
    picture,
    target: target === undefined ? [] : brief(target),
    spectrum: {
      frequencies: spectrum.frequencies,
      target: brief(spectrum.target),
      ...(spectrum.shuffled ? { shuffled: brief(spectrum.shuffled) } : {})
    },
    snapshots: snapshots.map(snapshot => ({ ...snapshot, fit: brief(snapshot.fit), spectrum: brief(snapshot.spectrum) })),
    ...(test === undefined ? {} : { test }),
    ...(data === undefined ? {} : { data })
  }
}

function brief (values: ArrayLike<number>): number[] {
  return Array.from(values, value => Number(value.toPrecision(6)))
}
