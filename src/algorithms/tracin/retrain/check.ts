/** What edits that fit their schema still get wrong with the data set that they are of. Pure. */
import { labelWidth, type LabelledDescription } from '../../../datasets/labelled.js'
import type { Violation } from '../../../errors.js'
import type { TracinSpec } from '../spec.js'
import type { Relabelled } from './spec.js'

/** Lists the broken rules. */
export function checkEdits ({ edits, labelNoise, frequencyProbe, trainExamples }: TracinSpec, described: LabelledDescription): Violation[] {
  if (edits === undefined) return []
  const count = Math.min(trainExamples ?? described.trainCount, described.trainCount)
  const { compare, dropped, wrong, relabelled } = edits
  const chosen = (['suspects', 'random'] as const).flatMap(name =>
    compare === undefined ? [] : [...checkLabels(`spec.edits.compare.${name}`, compare[name], { described, count, mayLack: true }), ...checkGone(`spec.edits.compare.${name}`, compare[name].indices, dropped)])
  const left = count - dropped.length - (compare?.arms.includes('without') ? compare.suspects.indices.length : 0)
  return [
    ...(labelNoise.kind === 'none' ? [] : [{ path: 'spec.labelNoise.kind', rule: 'must be none with edits, whose wrong labels are spec.edits.wrong', got: labelNoise.kind }]),
    ...(frequencyProbe === undefined || compare === undefined ? [] : [{ path: 'spec.frequencyProbe', rule: 'must be left out with spec.edits.compare', got: 'an object' }]),
    ...checkRange('spec.edits.dropped', dropped, count),
    ...checkLabels('spec.edits.wrong', wrong, { described, count }),
    ...checkLabels('spec.edits.relabelled', relabelled, { described, count }),
    ...chosen,
    ...(left >= 2 ? [] : [{ path: 'spec.edits', rule: `must leave at least 2 of ${count} training examples`, got: left }])
  ]
}

function checkRange (path: string, indices: number[], count: number): Violation[] {
  const at = indices.findIndex(index => index >= count)
  return at < 0 ? [] : [{ path: `${path}[${at}]`, rule: `must be < ${count}, the training examples`, got: indices[at] }]
}

function checkGone (path: string, indices: number[], dropped: number[]): Violation[] {
  const gone = new Set(dropped)
  const at = indices.findIndex(index => gone.has(index))
  return at < 0 ? [] : [{ path: `${path}.indices[${at}]`, rule: 'must not be in spec.edits.dropped', got: indices[at] }]
}

function checkLabels (
  path: string, { indices, labels }: Relabelled,
  { described, count, mayLack = false }: { described: LabelledDescription, count: number, mayLack?: boolean }
): Violation[] {
  const { target } = described
  const width = labelWidth(described)
  const violations = checkRange(`${path}.indices`, indices, count)
  if (labels.length !== indices.length * width && !(mayLack && labels.length === 0)) {
    violations.push({ path: `${path}.labels`, rule: `must have ${indices.length * width} numbers, ${width} for each example`, got: labels.length })
  }
  if (target.type !== 'classes') return violations
  const at = labels.findIndex(label => !Number.isInteger(label) || label < 0 || label >= target.names.length)
  return at < 0 ? violations : [...violations, { path: `${path}.labels[${at}]`, rule: `must be a class, 0 .. ${target.names.length - 1}`, got: labels[at] }]
}
