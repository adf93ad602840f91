/** Accuracy of networks under attack, over epochs, radii and widths, and what robust training costs. Pure. */
import type { Figure } from '../../contract.js'
import { blue, figure, inLine, panelTitle, thinned } from '../../kit/figure-parts.js'
import { sureOf } from '../../kit/sure.js'
import { sayNetwork, sayNorm } from '../arms.js'
import { accuraciesAt } from './network-claims.js'
import { radiiOf, speedOf } from './network-tables.js'
import { armChannels, rowsOf, saySeeds } from './series.js'
import { cleanNetwork, type NetworkArm } from './trials.js'

const accuracy = { field: 'y', type: 'quantitative', title: 'read rightly', scale: { domain: [0, 1] }, axis: { format: '.0%', tickCount: 5 } }

/** All figures that the finished trials allow. */
export function drawNetworks (arms: NetworkArm[]): Figure[] {
  return arms.length === 0 ? [] : [drawRadii(arms), ...drawEpochs(arms), ...drawGrid(arms), ...drawSpeed(arms), ...showSheets(arms)]
}

/** The whole curve at the end. */
function drawRadii (arms: NetworkArm[]): Figure {
  const values = rowsOf(arms, ({ of: { curve } }) => curve.map(({ radius, accuracy }) => ({ x: radius, y: accuracy })))
  const norms = [...new Set(arms.map(({ q }) => sayNorm(q)))].join(' or ')
  const x = { field: 'x', type: 'quantitative', title: `radius of the attack, ${norms}`, axis: { grid: false, values: radiiOf(arms), format: '~g', labelOverlap: true } }
  const encoding = { x, y: accuracy, ...armChannels(arms) }
  return figure('radii', 'Accuracy against the radius of the attack', {
    title: { text: 'Accuracy under attack after training', subtitle: saySeeds(arms) },
    width: 420,
    height: 280,
    layer: [
      { data: { values }, mark: { type: 'line', strokeWidth: 2 }, encoding },
      { data: { values }, mark: { type: 'point', filled: true, opacity: 1, size: 34 }, encoding }
    ]
  })
}

/** Clean and robust accuracy by epoch; none where there is one epoch. */
function drawEpochs (arms: NetworkArm[]): Figure[] {
  if (arms.every(({ trials }) => trials[0]!.of.epochs.length < 2)) return []
  const { radii } = arms[0]!.problem.evaluation
  const moved = thinned(radii.map((radius, i) => ({ radius, i })).filter(({ radius }) => radius > 0), 3)
  const panel = (title: string, of: (epoch: NetworkArm['trials'][number]['of']['epochs'][number]) => number) => {
    const values = rowsOf(arms, ({ of: { epochs } }) => epochs.map(epoch => ({ x: epoch.epoch, y: of(epoch) })))
    const encoding = {
      x: { field: 'x', type: 'quantitative', title: 'epochs', axis: { grid: false, tickMinStep: 1, format: 'd' }, scale: { zero: false, nice: false } }, y: accuracy, ...armChannels(arms)
    }
    return {
      title: panelTitle(title),
      width: 250,
      height: 180,
      layer: [
        { data: { values }, mark: { type: 'line', strokeWidth: 2 }, encoding },
        { data: { values }, mark: { type: 'point', filled: true, opacity: 1, size: 26 }, encoding }
      ]
    }
  }
  return [figure('epochs', 'Clean and robust accuracy by epoch', {
    title: { text: 'Clean and robust accuracy by epoch', subtitle: `${saySeeds(arms)}; a weaker attack than at the end` },
    ...inLine,
    columns: 2,
    concat: [panel('clean', epoch => epoch.accuracy), ...moved.map(({ radius, i }) => panel(`radius ${radius}`, epoch => epoch.robust[i] ?? NaN))],
    resolve: { scale: { color: 'shared' } }
  })]
}

/** Radius of training by width of the network; none where there is one network. */
function drawGrid (arms: NetworkArm[]): Figure[] {
  const weights = new Map(arms.map(arm => [sayNetwork(arm.problem.network), arm.trials[0]!.of.parameters]))
  const widths = [...weights].sort(([, a], [, b]) => b - a).map(([name]) => name)
  if (widths.length < 2) return []
  const norms = new Set(arms.map(({ q }) => q)).size
  const panels = thinned(radiiOf(arms), 4).map(radius => {
    const values = arms.map(arm => ({
      trained: `${norms > 1 ? `${sayNorm(arm.q)} ` : ''}${arm.trials[0]!.of.radius}`,
      order: arm.trials[0]!.of.radius,
      network: sayNetwork(arm.problem.network),
      y: sureOf(accuraciesAt(arm, radius)).mean
    })).filter(({ y }) => Number.isFinite(y))
    const encoding = {
      x: { field: 'trained', type: 'ordinal', title: 'radius of training', sort: { field: 'order' }, axis: { labelAngle: 0 } },
      y: { field: 'network', type: 'ordinal', title: null, sort: widths }
    }
    return {
      title: panelTitle(radius === 0 ? 'clean' : `attacked at ${radius}`),
      width: { step: 62 },
      height: { step: 40 },
      data: { values },
      layer: [
        { mark: 'rect', encoding: { ...encoding, color: { field: 'y', type: 'quantitative', title: 'read rightly', scale: { domain: [0, 1], scheme: 'blues' }, legend: { format: '.0%' } } } },
        { mark: { type: 'text', fontSize: 11 }, encoding: { ...encoding, text: { field: 'y', type: 'quantitative', format: '.0%' }, color: { condition: { test: 'datum.y > 0.6', value: 'white' }, value: '#222' } } }
      ]
    }
  })
  return [figure('grid', 'Accuracy by radius of training and width of the network', {
    title: { text: 'Radius of training by width of the network', subtitle: saySeeds(arms) }, spacing: { row: 30, column: 30 }, columns: 2, concat: panels, resolve: { scale: { color: 'shared' } }
  })]
}

/** Training speed beside clean training of the same network; none where nothing was timed. */
function drawSpeed (arms: NetworkArm[]): Figure[] {
  const values = arms.flatMap(arm => {
    const clean = cleanNetwork(arms, arm)
    const part = clean === undefined || clean === arm ? NaN : speedOf(arm) / speedOf(clean)
    return Number.isFinite(part) ? [{ training: arm.name, part }] : []
  })
  if (values.length === 0) return []
  const encoding = {
    y: { field: 'training', type: 'nominal', title: null, sort: null },
    x: { field: 'part', type: 'quantitative', title: 'samples per second, of clean training', axis: { format: '.0%', grid: false } }
  }
  return [figure('speed', 'Training speed beside clean training', {
    title: { text: 'Speed of adversarial training', subtitle: saySeeds(arms) },
    width: 360,
    height: { step: 26 },
    data: { values },
    layer: [
      { mark: { type: 'bar', color: blue, height: { band: 0.65 } }, encoding },
      { mark: { type: 'text', align: 'left', dx: 4, color: '#444' }, encoding: { ...encoding, text: { field: 'part', type: 'quantitative', format: '.0%' } } }
    ]
  })]
}

/** The examples of the first seed of every training, before and after an attack at its radius. */
function showSheets (arms: NetworkArm[]): Figure[] {
  return arms.flatMap(({ name, trials: [first] }, i) => {
    const { id, seed, of: { sheet } } = first!
    return sheet === undefined ? [] : [{ name: `attacked-${i}`, title: `Examples under attack: ${name}, seed ${seed}`, artifact: { trial: id, name: 'attacked', step: sheet } }]
  })
}
