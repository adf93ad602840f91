/** What the networks make of the function between the points that they were fitted to, band by band. Pure. */
import type { Report } from '../../contract.js'
import type { Finished } from './arms.js'

/** Trials by band: error at the points, and on the denser grid of target.testPoints; no table where there is none. */
export function generalizationTable (trials: Finished[]): Report['tables'] {
  const tested = trials.filter(({ result }) => result.test !== undefined)
  if (tested.length === 0) return []
  const { points, test } = tested[0]!.result
  return [{
    name: 'generalization',
    title: `Relative error per band at the ${points} points that are fitted, and on a grid of ${test!.points}, at the end`,
    columns: ['optimizer', 'seed', 'band', 'at the points', 'on the denser grid', 'loss at the points', 'loss on the denser grid'],
    rows: tested.flatMap(({ definition, result: { bands, history, test, loss } }) => bands.map(({ label }, b) => [
      definition.arm, definition.seed, label, brief(history.errors.at(-1)![b]!), brief(test!.errors[b]!), brief(loss), brief(test!.loss)
    ]))
  }]
}

const brief = (value: number): number => Number(value.toPrecision(4))
