/** The first test instances: what each arm starts with and where it ends, number by number. Pure. */
import type { Figure } from '../../contract.js'
import { figure, panelTitle, thinned } from '../../kit/figure-parts.js'
import type { InitializationSpec } from '../spec.js'
import type { Compared } from './paired.js'
import { objectiveOf } from './trials.js'

/** Arms and instances that are shown; numbers of an instance that can still be told apart. */
const [maxArms, maxExamples, maxNumbers] = [12, 3, 40]

/** Powers of users by arm, at the start and at the end; of other families nothing, whose numbers mean nothing by themselves. */
export function drawExamples ({ family }: InitializationSpec, { arms }: Compared): Figure[] {
  if (family.type !== 'sum-rate' || family.users > maxNumbers) return []
  const shown = thinned(arms.filter(({ trials }) => trials[0]!.result.examples.length > 0), maxArms)
  if (shown.length === 0) return []
  const count = Math.min(maxExamples, ...shown.map(({ trials }) => trials[0]!.result.examples.length))
  const { unit } = objectiveOf(arms)
  const panels = Array.from({ length: count }, (_, i) => (['start', 'solution'] as const).map(side => {
    const values = shown.flatMap(({ name, trials }) => {
      const example = trials[0]!.result.examples[i]!
      const row = side === 'start' ? name : `${name}: ${example.objective.toFixed(2)}`
      return example[side].map((power, k) => ({ arm: row, user: k + 1, power: power / family.power }))
    })
    return {
      title: panelTitle(side === 'start' ? `instance ${i + 1}, at the start` : `at the end, ${unit}`),
      width: { step: Math.max(8, Math.min(26, 260 / family.users)) },
      height: { step: 22 },
      data: { values },
      mark: { type: 'rect', stroke: 'white', strokeWidth: 1 },
      encoding: {
        x: { field: 'user', type: 'ordinal', title: 'user', axis: { labelAngle: 0, ticks: false } },
        y: { field: 'arm', type: 'nominal', title: null, sort: null, axis: { labelLimit: 240, ticks: false } },
        color: { field: 'power', type: 'quantitative', title: 'power, of the most', scale: { domain: [0, 1], scheme: 'blues' }, legend: { format: '.0%' } }
      }
    }
  })).flat()
  return [figure('examples', 'Powers at the start and at the end', {
    title: { text: 'Powers of the users on the first test instances', subtitle: `seed ${shown[0]!.trials[0]!.definition.seed}` },
    columns: 2,
    spacing: { row: 34, column: 40 },
    concat: panels,
    resolve: { scale: { color: 'shared', y: 'independent' } }
  })]
}
