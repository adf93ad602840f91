/**
 * The follow-up `retrain`: takes suspects of a finished trial and makes the experiment that trains with them, without them
 * and with other labels for them. Next hop: arms.ts plans it, report.ts compares. Pure.
 */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed } from '../../../choices.js'
import type { Violation } from '../../../errors.js'
import { defineFollowUp, type EndedTrial } from '../../contract.js'
import type { TracinResult, TracinSpec } from '../spec.js'
import { maxOrder, orderNames } from '../triage/spec.js'
import { treatments, type Edits, type Relabelled } from './spec.js'

const index = Type.Integer({ minimum: 0, description: 'Position in the training split, as index in the ranking' })

const RetrainRequest = Type.Object({
  trial: Type.Optional(Type.String({ format: 'uuid', description: 'Whose suspects; the first that succeeded when left out' })),
  suspects: Type.Optional(Type.Object({
    top: Type.Optional(Type.Integer({ minimum: 1, maximum: maxOrder, description: 'The first so many of an order' })),
    by: Type.Optional(choice(orderNames, { description: 'Of which order; score when left out' })),
    indices: Type.Optional(Type.Array(index, { minItems: 1, maxItems: 10_000, uniqueItems: true, description: 'Or these' }))
  }, { ...closed, description: 'Either top, or indices; may be left out where labels names examples' })),
  labels: Type.Optional(choice(['suggested', 'own'], { description: 'What they are corrected to. suggested (when left out): what the models of the trial’s checkpoints take them for; own: the data set’s labels, where the trial made some wrong' })),
  corrections: Type.Optional(Type.Array(Type.Object({
    index,
    label: Type.Union([Type.Integer({ minimum: 0 }), Type.String({ minLength: 1, maxLength: 1000 }), Type.Array(Type.Number(), { minItems: 1, maxItems: 1000 })], { description: 'A class by number or by name; of values as many numbers as the target has' })
  }, closed), { minItems: 1, maxItems: 10_000, description: 'Examples that are corrected to a label of their own; they are suspects too' })),
  arms: Type.Optional(Type.Array(choice(treatments), { minItems: 1, maxItems: 2, uniqueItems: true, description: 'without: trained without the suspects; corrected: with other labels for them; both when left out. A training as it is, and one with as many random examples for each, are always there' })),
  seeds: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 2147483647 }), { minItems: 1, maxItems: 100, uniqueItems: true, description: 'Initial weights and order of batches, the same for all arms; 0 .. 4 when left out' }))
}, closed)
export type RetrainRequest = Static<typeof RetrainRequest>

const defaultSeeds = [0, 1, 2, 3, 4]
/** Broken rules that one answer lists. */
const maxViolations = 20

export const retrain = defineFollowUp<TracinSpec, TracinResult, typeof RetrainRequest>({
  title: 'Train again without suspects, and with corrected labels',
  description: 'Makes an experiment that trains as the trial did, with the same labels, beside trainings without the suspects and with corrected labels for them, and others without and with corrected labels for as many random examples. Its report compares loss and accuracy (of values: error) on the test split, paired by seed.',
  request: RetrainRequest,
  make
})

interface Chosen extends Relabelled { violations: Violation[] }

function make (
  { trials, request }: { trials: EndedTrial<TracinSpec, TracinResult>[], request: RetrainRequest }
): { spec: TracinSpec } | { violations: Violation[] } {
  const trial = trials.find(({ id, state }) => request.trial === undefined ? state === 'succeeded' : id === request.trial)
  if (trial?.state !== 'succeeded' || trial.result === undefined) {
    return refuse('trial', 'must be a trial of the experiment that succeeded', request.trial ?? null)
  }
  const { result, definition: { spec } } = trial
  if (result.triage === undefined) return refuse('trial', 'must have suggested labels, which those of earlier versions lack: run the experiment again', trial.id)
  const { violations, ...suspects } = chooseSuspects(request, result, spec.edits?.dropped ?? [])
  if (violations.length > 0) return { violations }
  const random = result.triage.orders.find(({ by }) => by === 'random')!
  const edits: Edits = {
    wrong: spec.edits?.wrong ?? { indices: result.flipped, labels: result.triage.wrongLabels.flat() },
    dropped: spec.edits?.dropped ?? [],
    relabelled: spec.edits?.relabelled ?? { indices: [], labels: [] },
    compare: {
      suspects,
      random: { indices: random.indices, labels: suspects.labels.length === 0 ? [] : random.suggestions.flat() },
      arms: request.arms ?? [...treatments]
    }
  }
  // What it asks is another question: no search for wrong labels, and what was predicted of it.
  const { frequencyProbe: _probe, predictions: _predictions, ...rest } = spec
  return {
    spec: {
      ...rest, edits, labelNoise: { ...spec.labelNoise, kind: 'none' }, baselines: { ...spec.baselines, methods: ['mean-loss'] }, seeds: request.seeds ?? defaultSeeds
    }
  }
}

function refuse (path: string, rule: string, got: unknown): { violations: Violation[] } {
  return { violations: [{ path, rule, got }] }
}

/** The suspects with the labels that they are corrected to; none of the latter for their own. */
function chooseSuspects (
  { suspects = {}, corrections = [], labels = 'suggested', arms = [...treatments] }: RetrainRequest, result: TracinResult, dropped: number[]
): Chosen {
  const broken = (violations: Violation[]): Chosen => ({ indices: [], labels: [], violations })
  const { orders, balanced } = result.triage!
  const { top, by = 'score', indices = [] } = suspects
  const order = orders.find(one => one.by === by)
  const given = readCorrections(corrections, result)
  const violations = [...checkChoice(suspects, corrections, labels), ...given.violations]
  if (order === undefined) violations.push({ path: 'suspects.by', rule: `must be one of ${orders.map(one => one.by).join(', ')} here`, got: by })
  else if (top !== undefined && top > order.indices.length) violations.push({ path: 'suspects.top', rule: `must be <= ${order.indices.length}, those that the order has`, got: top })
  const gone = new Set(dropped)
  const isKnown = (index: number) => index < result.trainExamples + dropped.length && !gone.has(index)
  const rule = `must be among the ${result.trainExamples} examples that the trial was trained on`
  indices.forEach((index, i) => { if (!isKnown(index)) violations.push({ path: `suspects.indices[${i}]`, rule, got: index }) })
  corrections.forEach(({ index }, i) => { if (!isKnown(index)) violations.push({ path: `corrections[${i}].index`, rule, got: index }) })
  if (violations.length > 0) return broken(violations.slice(0, maxViolations))

  const listed = [...new Set([...(top === undefined ? indices : order!.indices.slice(0, top)), ...given.labels.keys()])]
  if (labels === 'own' || !arms.includes('corrected')) return { indices: listed, labels: [], violations: [] }
  const known = new Map([...result.ranking, ...balanced].map(row => [row.index, row.suggestedLabel!]))
  for (const one of orders) one.indices.forEach((index, i) => known.set(index, one.suggestions[i]!))
  const unknown = listed.find(index => !given.labels.has(index) && !known.has(index))
  if (unknown !== undefined) {
    return broken([{ path: 'suspects.indices', rule: 'must have a label under corrections where no order of the trial has the example, and with it a suggestion', got: unknown }])
  }
  return { indices: listed, labels: listed.flatMap(index => given.labels.get(index) ?? known.get(index)!), violations: [] }
}

function checkChoice ({ top, by, indices }: NonNullable<RetrainRequest['suspects']>, corrections: unknown[], labels: string): Violation[] {
  const got = { top, by, indices }
  if (top !== undefined && indices !== undefined) return [{ path: 'suspects', rule: 'must have either top or indices', got }]
  if (top === undefined && indices === undefined && corrections.length === 0) return [{ path: 'suspects', rule: 'must have top or indices, or corrections must name examples', got }]
  if (by !== undefined && top === undefined) return [{ path: 'suspects.by', rule: 'must come with top', got: by }]
  return labels === 'own' && corrections.length > 0 ? [{ path: 'corrections', rule: 'must be left out with labels own', got: corrections.length }] : []
}

/** Labels that the caller chose, by position. */
function readCorrections (corrections: NonNullable<RetrainRequest['corrections']>, { classNames, errors }: TracinResult): { labels: Map<number, number[]>, violations: Violation[] } {
  const labels = new Map<number, number[]>()
  const violations: Violation[] = []
  corrections.forEach(({ index: at, label }, i) => {
    const path = `corrections[${i}]`
    if (labels.has(at)) violations.push({ path: `${path}.index`, rule: 'must be listed once', got: at })
    if (errors !== undefined) {
      if (Array.isArray(label) && label.length === errors.length) labels.set(at, label)
      else violations.push({ path: `${path}.label`, rule: `must be a list of ${errors.length} numbers: ${errors.map(({ name }) => name).join(', ')}`, got: label })
      return
    }
    const known = typeof label === 'string' ? classNames.indexOf(label) : label
    if (typeof known === 'number' && known >= 0 && known < classNames.length) labels.set(at, [known])
    else violations.push({ path: `${path}.label`, rule: `must be a class: its name, or 0 .. ${classNames.length - 1}`, got: label })
  })
  return { labels, violations }
}
