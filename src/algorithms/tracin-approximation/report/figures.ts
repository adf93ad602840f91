/** The pictures of a report as Vega-Lite, data inside. Pure; src/figures/draw.ts draws them. */
import type { Figure } from '../../contract.js'
import { saySeeds, sumIn, type Arm } from './arms.js'
import {
  blue, colors, dashes, figure, grey, inLine, linesOfSeeds, logPoints, logValues, named, orange, panelTitle, thinned, type Field
} from '../../kit/figure-parts.js'
import { meanOf } from '../../../math/mean.js'

/** All figures that the finished trials allow; at least one arm has a result. */
export function drawFigures (arms: Arm[]): Figure[] {
  const { result } = arms[0]!.trials[0]!
  return [
    drawPairs(arms),
    ...(arms.some(({ rate }) => rate !== arms[0]!.rate) ? [drawRates(arms)] : []),
    ...(new Set(result.checkpoints.map(({ count }) => count)).size > 1 ? [drawCounts(arms)] : []),
    drawSingles(arms),
    ...(result.projections.length > 1 ? [drawProjections(arms)] : [])
  ]
}

/** Approximation against ideal, pair by pair: first order and TracInCP, a row per arm. */
function drawPairs (arms: Arm[]): Figure {
  const methods = ['first order', 'TracInCP']
  const panel = (arm: Arm, method: number) => {
    const values = arm.trials[0]!.result.pairs.map(pair => ({ ideal: pair[0]!, approximation: pair[1 + method]! }))
    const all = values.flatMap(({ ideal, approximation }) => [ideal, approximation])
    const domain = [Math.min(...all), Math.max(...all)]
    const axis = (field: string, title: string) =>
      ({ field, type: 'quantitative', title, scale: { domain, nice: false }, axis: { format: '~g', tickCount: 5, grid: false } })
    return {
      title: panelTitle(`${methods[method]}, ${arm.name}`),
      width: 220,
      height: 220,
      layer: [
        {
          data: { values: domain.map(value => ({ value })) },
          mark: { type: 'line', color: grey, strokeDash: [4, 3] },
          encoding: { x: { field: 'value', type: 'quantitative' }, y: { field: 'value', type: 'quantitative' } }
        },
        {
          data: { values },
          mark: { type: 'point', filled: true, size: 16, opacity: 0.5, color: [blue, orange][method] },
          encoding: { x: axis('ideal', 'ideal influence'), y: axis('approximation', 'approximation') }
        }
      ]
    }
  }
  const { result, definition } = arms[0]!.trials[0]!
  const counts = Math.max(...result.checkpoints.map(({ count }) => count))
  return figure('pairs', 'Approximated influences against ideal ones', {
    title: {
      text: 'Approximated influences against ideal ones',
      subtitle: [`${counts} checkpoints, at the ends, by interval`, `dashed: equal; ${result.pairs.length} pairs of seed ${definition.seed}`]
    },
    columns: 2,
    ...inLine,
    concat: thinned(arms, 3).flatMap(arm => methods.map((_, method) => panel(arm, method)))
  })
}

/** What of the correlation is missing, and the relative error, against the rate. */
function drawRates (arms: Arm[]): Figure {
  const counts = Math.max(...arms[0]!.trials[0]!.result.checkpoints.map(({ count }) => count))
  const sizes = [...new Set(arms.map(({ batchSize }) => batchSize))]
  const methods = ['first order', `TracInCP, ${counts} checkpoints`]
  const values = arms.flatMap(({ rate, batchSize, trials }) => trials.flatMap(({ definition: { seed }, result }) =>
    [result.firstOrder, sumIn(result, counts, 'end', 'interval')].map(({ pearson, error }, m) => ({
      rate, seed, batch: `batch ${batchSize}`, method: methods[m], error, missing: Math.max(1e-12, 1 - (pearson ?? 0))
    }))))
  const panel = (y: Field) => ({
    width: 270,
    height: 230,
    layer: linesOfSeeds(values, {
      x: logPoints('rate', 'learning rate', [...new Set(arms.map(({ rate }) => rate))]),
      y,
      color: named('method', null, methods, [blue, orange], 'bottom'),
      ...(sizes.length > 1 ? { strokeDash: named('batch', null, sizes.map(size => `batch ${size}`), dashes.slice(0, sizes.length), 'bottom') } : {})
    }, ['method', 'batch'])
  })
  return figure('rates', 'Agreement with the ideal against the learning rate', {
    title: { text: 'Distance from the ideal against the learning rate', subtitle: saySeeds(arms) },
    spacing: 28,
    hconcat: [
      panel(logValues('missing', '1 - Pearson', values.map(({ missing }) => missing))),
      panel(logValues('error', '|approximation - ideal| / |ideal|', values.map(({ error }) => error)))
    ]
  })
}

/** Correlation against the number of checkpoints, a panel per arm. */
function drawCounts (arms: Arm[]): Figure {
  // With equal intervals and a constant rate both weigh alike.
  const differs = arms.some(({ trials }) => trials.some(({ result: { checkpoints } }) => checkpoints.some(({ pearson }, i) =>
    i % 2 === 1 && Math.abs((pearson ?? 0) - (checkpoints[i - 1]!.pearson ?? 0)) > 1e-9)))
  const panel = ({ name, trials }: Arm) => {
    const values = trials.flatMap(({ definition: { seed }, result }) => result.checkpoints
      .filter(({ weights }) => weights === 'interval' || differs)
      .map(({ count, at, weights, pearson }) => ({ count, at: `at the ${at}s`, weights: `by ${weights}`, pearson, seed })))
    return {
      title: panelTitle(name),
      width: 230,
      height: 190,
      layer: linesOfSeeds(values, {
        x: logPoints('count', 'checkpoints', [...new Set(values.map(({ count }) => count))], 'd'),
        y: { field: 'pearson', type: 'quantitative', title: 'Pearson with the ideal', scale: { zero: false } },
        color: named('at', 'checkpoints', ['at the starts', 'at the ends'], [blue, orange]),
        ...(differs ? { strokeDash: named('weights', 'weighed', ['by interval', 'by rate'], [[1, 0], [4, 3]]) } : {})
      }, ['at', 'weights'])
    }
  }
  return figure('checkpoints', 'Agreement of TracInCP with the ideal against its number of checkpoints', {
    title: { text: 'TracInCP against the number of its checkpoints', subtitle: saySeeds(arms) },
    columns: 2,
    ...inLine,
    concat: thinned(arms, 4).map(panel),
    resolve: { scale: { color: 'shared', ...(differs ? { strokeDash: 'shared' } : {}) } }
  })
}

/** Every checkpoint alone, and their sum as a line. */
function drawSingles (arms: Arm[]): Figure {
  const shown = thinned(arms, 4)
  const panel = ({ name, trials }: Arm) => {
    const counts = Math.max(...trials[0]!.result.checkpoints.map(({ count }) => count))
    const singles = trials.flatMap(({ definition: { seed }, result }) =>
      result.singles.map(({ epoch, pearson }) => ({ epoch, pearson, seed })))
    const sums = trials.map(({ result }) => sumIn(result, counts, 'end', 'interval').pearson ?? NaN)
    const mean = meanOf(sums)
    const y = { field: 'pearson', type: 'quantitative', title: 'Pearson with the ideal', scale: { zero: false } }
    return {
      title: panelTitle(name),
      width: 230,
      height: 190,
      layer: [
        ...linesOfSeeds(singles, { x: { field: 'epoch', type: 'quantitative', title: 'epochs before the checkpoint', axis: { tickMinStep: 1 } }, y, color: { value: blue } }, []),
        { data: { values: [{ pearson: mean }] }, mark: { type: 'rule', color: orange, strokeWidth: 2, strokeDash: [6, 3] }, encoding: { y } }
      ]
    }
  }
  return figure('singles', 'Single checkpoints and their sum', {
    title: { text: 'Single checkpoints (blue) and their sum (dashed)', subtitle: saySeeds(shown) },
    columns: 2,
    ...inLine,
    concat: shown.map(panel)
  })
}

/** Error of random projections against d, and what the gradients let expect. */
function drawProjections (arms: Arm[]): Figure {
  const shown = thinned(arms, 4)
  const values = shown.flatMap(({ name, trials }) => trials.flatMap(({ definition: { seed }, result }) =>
    result.projections.map(({ dimension, error, expected }) => ({ dimension, error, expected, seed, arm: name }))))
  const x = logPoints('dimension', 'dimensions d', [...new Set(values.map(({ dimension }) => dimension))], 'd')
  const y = logValues('error', '|TracInRP - TracInCP| / |TracInCP|', values.map(({ error }) => error))
  const legend = named('arm', null, shown.map(({ name }) => name), colors.slice(0, shown.length))
  const color = shown.length > 1 ? legend : { ...legend, legend: null }
  const expectedAt = ({ trials }: Arm, i: number) =>
    Math.sqrt(trials.reduce((sum, { result }) => sum + result.projections[i]!.expected ** 2, 0) / trials.length)
  const lines = shown.flatMap(arm =>
    arm.trials[0]!.result.projections.map(({ dimension }, i) => ({ dimension, arm: arm.name, error: expectedAt(arm, i) })))
  return figure('projections', 'Error of random projections against their dimension', {
    title: { text: 'Random projections', subtitle: `${saySeeds(shown)}; dashed: as derived, 1 / sqrt(d)` },
    width: 420,
    height: 280,
    layer: [
      ...linesOfSeeds(values, { x, y, color }, ['arm']),
      {
        data: { values: lines },
        mark: { type: 'line', strokeDash: [5, 4], strokeWidth: 1.4 },
        encoding: { x, y, ...(shown.length > 1 ? { color } : { color: { value: grey } }) }
      }
    ]
  })
}
