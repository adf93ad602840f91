/** When arms are where random starts end, and after how many instances what they cost before is made good. Pure. */
import type { Figure } from '../../contract.js'
import { figure, logValues, type Field } from '../../kit/figure-parts.js'
import { costOf, levelOf, stepsToLevel, type Cost } from './cost.js'
import type { Compared } from './paired.js'
import { armChannels, colorOf, sayWhat } from './series.js'
import { objectiveOf } from './trials.js'

/** New instances that the picture of costs begins and ends with, at least and at most, and places between. */
const [fewest, least, most, places] = [1, 1e4, 1e8, 60]

/** Steps to the mean of random starts' ends; arms that are never there say so. */
export function drawReached ({ arms, random }: Compared): Figure[] {
  const level = random === undefined ? undefined : levelOf(random)
  if (level === undefined) return []
  const { name } = objectiveOf(arms)
  const values = arms.filter(({ initialiser }) => initialiser.type !== 'reference').map(arm => {
    const steps = stepsToLevel(arm, level)
    return { arm: arm.name, color: colorOf(arms, arm), steps: steps ?? 0, said: steps === undefined ? 'never' : steps.toFixed(1) }
  })
  const encoding = {
    y: { field: 'arm', type: 'nominal', title: null, sort: null, axis: { labelLimit: 240 } },
    x: { field: 'steps', type: 'quantitative', title: 'steps of one start', axis: { grid: false } }
  }
  return [figure('reached', 'Steps to where random starts end', {
    title: { text: `Steps until the mean ${name} is where random starts end`, subtitle: `${sayWhat(arms)}; with several starts the best of them, each of which takes the steps` },
    width: 420,
    height: { step: 26 },
    data: { values },
    layer: [
      { mark: { type: 'bar', height: { band: 0.62 } }, encoding: { ...encoding, color: { field: 'color', type: 'nominal', scale: null, legend: null } } },
      { mark: { type: 'text', align: 'left', dx: 4, color: '#444' }, encoding: { ...encoding, text: { field: 'said' } } }
    ]
  })]
}

/** All that was computed so far against the number of new instances: lines cross where they break even. */
export function drawBreakEven (compared: Compared): Figure[] {
  const { arms, random } = compared
  const level = random === undefined ? undefined : levelOf(random)
  if (level === undefined || random === undefined) return []
  const costs = arms.filter(({ initialiser: { type } }) => type !== 'reference').map(arm => ({ arm, cost: costOf(compared, arm, level) }))
  const shown = costs.filter((one): one is typeof one & { cost: Cost & { online: number } } =>
    one.cost.online !== undefined && one.cost.offline + one.cost.online > 0)
  const dearest = Math.max(...shown.map(({ cost: { offline, online } }) => offline / Math.max(online, 1)))
  if (!(dearest > 0)) return []
  const last = Math.min(most, Math.max(least, 10 ** Math.ceil(1 + Math.log10(dearest))))
  const counts = Array.from({ length: places }, (_, i) => fewest * (last / fewest) ** (i / (places - 1)))
  const values = shown.flatMap(({ arm, cost: { offline, online } }) =>
    counts.map(count => ({ arm: arm.name, x: count, y: offline + count * online })).filter(({ y }) => y > 0))
  const drawn = arms.filter(arm => values.some(row => row.arm === arm.name))
  return [figure('break-even', 'After how many instances it is made good', {
    title: { text: 'Solver steps in all until random’s level, against new instances', subtitle: `${sayWhat(arms)}; solutions and training from before included; below random’s line: made good` },
    width: 460,
    height: 320,
    data: { values },
    mark: { type: 'line', strokeWidth: 2 },
    encoding: { x: scaled('x', 'new instances', counts, false), y: scaled('y', 'solver steps in all', values.map(({ y }) => y), true), ...armChannels(arms, drawn) }
  })]
}

/** A logarithmic axis with numbers as 10k, 1M. */
function scaled (field: string, title: string, values: number[], grid: boolean): Field {
  const axis = logValues(field, title, values)
  return { ...axis, axis: { ...axis.axis as object, format: '~s', grid } }
}
