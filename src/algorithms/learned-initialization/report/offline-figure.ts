/** Gains by how many solved instances an initialiser learned from. Pure. */
import type { Figure } from '../../contract.js'
import { colors, figure, grey, logPoints } from '../../kit/figure-parts.js'
import { nameOf } from '../arms.js'
import type { Compared, Paired } from './paired.js'
import { sayWhat } from './series.js'
import { objectiveOf, type RanArm } from './trials.js'

/** An arm that learns, and from how many instances. */
export interface Sized { learner: string, size: number, arm: RanArm, gain: Paired['gain'] }

/** Arms that differ in nothing but how many instances they learn from, two or more of each; the fewest first. */
export function sizesOf ({ arms, besideRandom }: Compared): Sized[] {
  const sized = arms.flatMap(arm => {
    const gain = besideRandom.get(arm.name)?.gain
    const { initialiser } = arm
    if (gain === undefined || !(initialiser.type === 'nearest' || initialiser.type === 'arg-init' || initialiser.type === 'val-init')) return []
    const { offline, name: _, ...rest } = initialiser
    return [{ learner: nameOf(rest), size: offline ?? arm.trials[0]!.definition.spec.offline.instances, arm, gain }]
  })
  return sized.filter(({ learner, size }) => sized.some(other => other.learner === learner && other.size !== size))
    .sort((a, b) => a.learner < b.learner ? -1 : a.learner > b.learner ? 1 : a.size - b.size)
}

/** A line for each learner; none where no sizes are compared. */
export function drawOffline (compared: Compared): Figure[] {
  const values = sizesOf(compared).map(({ learner, size, gain: { mean, low, high } }) => ({ learner, x: size, y: mean, low, high }))
  if (values.length === 0) return []
  const { name, unit } = objectiveOf(compared.arms)
  const learners = [...new Set(values.map(({ learner }) => learner))]
  const x = logPoints('x', 'solved instances that were learned from', [...new Set(values.map(({ x }) => x))].sort((a, b) => a - b))
  const y = (field: string) => ({ field, type: 'quantitative', title: `gain (${unit})` })
  const color = { field: 'learner', type: 'nominal', title: null, scale: { domain: learners, range: colors.slice(0, learners.length) }, legend: { orient: 'bottom' } }
  return [figure('offline', 'Gains by how much was learned from', {
    title: { text: `Gain of the mean ${name} on random starts`, subtitle: `${sayWhat(compared.arms)}; lines: 95 % over both` },
    width: 420,
    height: 280,
    layer: [
      { data: { values: [{ y: 0 }] }, mark: { type: 'rule', color: grey }, encoding: { y: { field: 'y', type: 'quantitative', title: `gain (${unit})` } } },
      { data: { values }, mark: { type: 'rule', strokeWidth: 1.6 }, encoding: { x, y: y('low'), y2: { field: 'high' }, color } },
      { data: { values }, mark: { type: 'line', strokeWidth: 2, point: { filled: true, size: 50 } }, encoding: { x, y: y('y'), color } }
    ]
  })]
}
