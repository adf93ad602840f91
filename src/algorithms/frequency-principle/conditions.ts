/**
 * Conditions under which every optimizer runs, alike in all but what they name: the first is the matched one that a
 * control is held against. What they say is written into the spec of each trial. Pure.
 */
import type { Violation } from '../../errors.js'
import type { Condition } from './condition-spec.js'
import type { FrequencyPrincipleSpec } from './spec.js'

/** The spec of a trial under a condition, which it names. */
export function under (spec: FrequencyPrincipleSpec, condition: Condition): FrequencyPrincipleSpec {
  const { init = spec.init, amplitude = 1, labels } = condition
  return { ...spec, init, target: withLabels(withAmplitude(spec.target, amplitude), labels), conditions: [condition] }
}

type Target = FrequencyPrincipleSpec['target']

function withAmplitude (target: Target, factor: number): Target {
  if (target.type !== 'sines' || factor === 1) return target
  const highest = Math.max(...target.terms.map(({ frequency }) => frequency))
  return {
    ...target, terms: target.terms.map(term => term.frequency === highest ? { ...term, amplitude: factor * term.amplitude } : term)
  }
}

function withLabels (target: Target, labels: Condition['labels']): Target {
  return target.type !== 'data' || labels === undefined ? target : { ...target, labels }
}

/** Lists the broken rules. */
export function checkConditions ({ conditions, expected, target: { type } }: FrequencyPrincipleSpec): Violation[] {
  const names = conditions?.map(({ name }) => name) ?? []
  const belongs = (field: 'init' | 'amplitude' | 'labels', isWanted: boolean, where: string) => (conditions ?? []).flatMap((condition, i) =>
    condition[field] === undefined || isWanted
      ? []
      : [{ path: `spec.conditions[${i}].${field}`, rule: `must be left out unless target.type is ${where}`, got: condition[field] }])
  return [
    ...names.flatMap((name, i) => names.indexOf(name) === i ? [] : [{ path: `spec.conditions[${i}].name`, rule: 'must be another for each', got: name }]),
    ...belongs('init', type !== 'data', 'a function or a picture'),
    ...belongs('amplitude', type === 'sines', 'sines'),
    ...belongs('labels', type === 'data', 'data'),
    ...(expected === 'low-first' || names.length > 1
      ? []
      : [{ path: 'spec.conditions', rule: `must be at least 2 where ${expected} is expected: the first is the one that the last is held against`, got: names.length }])
  ]
}
