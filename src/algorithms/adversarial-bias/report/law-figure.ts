/** The laws of the direction error beside what was measured, and what they leave. Pure. */
import { meanOf } from '../../../math/mean.js'
import type { Figure } from '../../contract.js'
import { dashes, figure, inLine, named, panelTitle, thinned, blue, orange, grey } from '../../kit/figure-parts.js'
import type { LinearResult } from '../result.js'
import { saySeed, stepAxis } from './series.js'
import { isPromised, lastOf, type LinearArm } from './trials.js'

const [logarithmic, power] = ['a / log T + b', 'a / sqrt(T) + b']
const laws = [[logarithmic, (step: number) => 1 / Math.log(step)], [power, (step: number) => 1 / Math.sqrt(step)]] as const

interface Row { x: number, y: number, law: string }

/** Draws the last two powers of ten of up to four trainings; none where none was fitted. */
export function drawLaws (arms: LinearArm[]): Figure[] {
  const shown = thinned(arms.filter(arm => isPromised(arm) && fittedOf(arm).length > 0), 4)
  if (shown.length === 0) return []
  return [figure('laws', 'The fitted laws and their residuals', {
    title: { text: 'Direction error and the laws fitted to it', subtitle: `${saySeed(shown)}; below: what is left, as part of the error` },
    ...inLine,
    columns: shown.length,
    concat: [...shown.map(arm => errorPanel(arm)), ...shown.map(residualPanel)],
    resolve: { scale: { color: 'shared', strokeDash: 'shared' } }
  })]
}

/** The records over which laws are fitted. */
function fittedOf (arm: LinearArm): { step: number, directionError: number }[] {
  const [first] = arm.trials
  const from = lastOf(first!).step / 100
  const { law, curve } = first!.of
  if (law.logarithmic === null || law.power === null) return []
  return curve.filter(({ step, directionError }) => step >= from && directionError > 0)
}

/** Each law at every record: a as the trial fitted it, b as least squares have it for that a. */
function lawRows (arm: LinearArm): Row[] {
  const records = fittedOf(arm)
  const { law } = arm.trials[0]!.of
  return laws.flatMap(([name, of]) => {
    const a = slopeOf(law, name)
    const b = meanOf(records.map(({ directionError }) => directionError)) - a * meanOf(records.map(({ step }) => of(step)))
    return records.map(({ step }) => ({ x: step, y: a * of(step) + b, law: name }))
  })
}

function slopeOf ({ logarithmic: a, power: other }: LinearResult['law'], name: string): number {
  return (name === logarithmic ? a : other)!
}

const lawChannels = {
  color: named('law', null, [logarithmic, power], [blue, orange], 'bottom'),
  strokeDash: named('law', null, [logarithmic, power], [dashes[1]!, dashes[0]!], 'bottom')
}

function errorPanel (arm: LinearArm): Record<string, unknown> {
  const records = fittedOf(arm).map(({ step, directionError }) => ({ x: step, y: directionError }))
  const values = lawRows(arm)
  const x = stepAxis(records.map(({ x }) => x))
  const y = { field: 'y', type: 'quantitative', title: 'direction error', scale: { type: 'log', nice: false }, axis: { format: '~g', tickCount: 4, labelOverlap: true } }
  return {
    title: panelTitle(arm.name),
    width: 230,
    height: 190,
    layer: [
      { data: { values: records }, mark: { type: 'point', filled: true, color: grey, size: 22, opacity: 1 }, encoding: { x, y } },
      { data: { values: values.filter(({ y }) => y > 0) }, mark: { type: 'line', strokeWidth: 1.8 }, encoding: { x, y, ...lawChannels } }
    ]
  }
}

function residualPanel (arm: LinearArm): Record<string, unknown> {
  const errors = new Map(fittedOf(arm).map(({ step, directionError }) => [step, directionError]))
  const values = lawRows(arm).map(({ x, y, law }) => ({ x, y: (errors.get(x)! - y) / errors.get(x)!, law }))
  const x = stepAxis([...errors.keys()])
  const y = { field: 'y', type: 'quantitative', title: 'residual / error', axis: { format: '.1%', tickCount: 4 } }
  return {
    width: 230,
    height: 110,
    layer: [
      { data: { values: [{ y: 0 }] }, mark: { type: 'rule', color: '#bbb' }, encoding: { y } },
      { data: { values }, mark: { type: 'line', strokeWidth: 1.8 }, encoding: { x, y, ...lawChannels } }
    ]
  }
}
