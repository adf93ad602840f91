/** Whether candidates that are predicted to be better are: deciles of predicted values, within instances. Pure. */
import type { Figure } from '../../contract.js'
import { figure, grey } from '../../kit/figure-parts.js'
import { meanOf } from '../../../math/mean.js'
import { saySure, sureOf } from '../../kit/sure.js'
import type { Compared } from './paired.js'
import { armChannels, sayWhat } from './series.js'
import { objectiveOf, type RanArm } from './trials.js'

/** A line for each arm that predicts values; none where there is none. */
export function drawCalibration ({ arms }: Compared): Figure[] {
  const shown = arms.filter(({ trials }) => trials.every(({ result }) => (result.calibration?.deciles.length ?? 0) > 1))
  if (shown.length === 0) return []
  const values = shown.flatMap(arm => decilesOf(arm).map(decile => ({ ...decile, arm: arm.name })))
  const ends = [Math.min(...values.map(({ predicted }) => predicted)), Math.max(...values.map(({ predicted }) => predicted))]
  const { name, unit } = objectiveOf(arms)
  const x = { field: 'predicted', type: 'quantitative', title: `predicted ${name} (${unit}), from the mean of the instance’s candidates`, axis: { grid: false } }
  const y = { field: 'reached', type: 'quantitative', title: 'reached, likewise' }
  const encoding = { x, y, ...armChannels(arms, shown) }
  return [figure('calibration', 'Predicted and reached values within instances', {
    title: {
      text: 'Do candidates reach what is predicted of them?',
      subtitle: [`${sayWhat(shown)}; deciles by predicted value; dashed: as predicted`, ...shown.map(({ name, trials }) => `rank correlation of ${name} within an instance: ${saySure(sureOf(trials.map(({ result }) => result.calibration!.spearman)))}`)]
    },
    width: 380,
    height: 280,
    layer: [
      { data: { values: ends.map(end => ({ predicted: end, reached: end })) }, mark: { type: 'line', color: grey, strokeDash: [4, 3] }, encoding: { x, y } },
      { data: { values }, mark: { type: 'line', strokeWidth: 2, point: { filled: true, size: 50 } }, encoding }
    ]
  })]
}

/** Means over the seeds, decile by decile. */
function decilesOf ({ trials }: RanArm): { predicted: number, reached: number }[] {
  const bySeed = trials.map(({ result }) => result.calibration!.deciles)
  return Array.from({ length: Math.min(...bySeed.map(({ length }) => length)) }, (_, i) => ({
    predicted: meanOf(bySeed.map(deciles => deciles[i]!.predicted)), reached: meanOf(bySeed.map(deciles => deciles[i]!.reached))
  }))
}
