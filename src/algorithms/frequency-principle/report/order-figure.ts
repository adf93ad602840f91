/** Kendall's tau of every arm and group over the seeds, beside what orders by chance would show. Pure. */
import type { Figure } from '../../contract.js'
import { constantOf, type Arm } from './arms.js'
import { figure, grey } from './figure-parts.js'
import { leastSeeds, ordersOfArm } from './orders.js'

const blue = '#2e6fae'

/**
 * Where 95 of 100 means of tau lie when orders are drawn by chance: 1.96 standard deviations, which for one order of k
 * things is sqrt(2 (2 k + 5) / (9 k (k - 1))) (Kendall 1938).
 */
function chance (bands: number, seeds: number): number {
  return Math.min(1, 1.96 * Math.sqrt(2 * (2 * bands + 5) / (9 * bands * (bands - 1)) / seeds))
}

/** A row per arm and group: the interval of its mean, its seeds, and the band of chance. */
export function drawOrders (arms: Arm[]): Figure {
  const constant = constantOf(arms)
  const rows = [...arms, ...(constant ? [constant] : [])].flatMap(arm => ordersOfArm(arm).map((order, _, { length }) => {
    const known = order.taus.filter(tau => tau !== null)
    const row = length === 1 ? arm.name : `${arm.name}: ${order.group}`
    const unknown = order.bands < 2 ? 'fewer than two bands are more than noise' : known.length === 0 ? 'nothing learned: order not known' : ''
    return { row, isNull: arm.isNull, known, order, unknown }
  }))
  const colour = (isNull: boolean) => isNull ? grey : blue
  const names = rows.map(({ row }) => row)
  const y = { field: 'row', type: 'nominal', title: null, sort: names, axis: { labelLimit: 320 }, scale: { domain: names } }
  const x = (field: string) => (
    { field, type: 'quantitative', title: 'Kendall\'s tau between frequency and step of learning', scale: { domain: [-1.05, 1.05], nice: false } }
  )
  const color = { field: 'colour', type: 'nominal', scale: null }
  const judged = rows.flatMap(({ row, isNull, known, order }) => known.length === 0 || order.bands < 2
    ? []
    : [{
        row, colour: colour(isNull), ...order.interval, band: chance(order.bands, known.length), left: -chance(order.bands, known.length)
      }])
  const rings = rows.filter(({ order }) => order.bands > 1).flatMap(({ row, isNull, known }) => [...new Set(known)].map(tau =>
    ({ row, tau, seeds: known.filter(other => other === tau).length, colour: colour(isNull) })))
  const noise = rows.flatMap(({ row, order: { bands, withNoise } }) => bands > 1 || withNoise === null ? [] : [{ row, tau: withNoise }])
  return figure('orders', 'Order of learning: Kendall’s tau over the seeds', {
    title: {
      text: 'Low before high: Kendall\'s tau over all pairs of bands',
      subtitle: [`bar: mean over seeds and its 95 % interval (${leastSeeds} seeds or more); rings: seeds, larger where several agree`, 'pale: 95 % of such means when the order is by chance; grey: nulls; crosses: mean with noise counted']
    },
    width: 420,
    height: { step: 24 },
    layer: [
      { data: { values: judged }, mark: { type: 'bar', color: '#e9e6df', height: 16 }, encoding: { x: x('left'), x2: { field: 'band' }, y } },
      { data: { values: [{ zero: 0 }] }, mark: { type: 'rule', color: '#777', strokeDash: [4, 3] }, encoding: { x: x('zero') } },
      {
        data: { values: judged.filter(({ mean }) => mean !== undefined) },
        mark: { type: 'rule', strokeWidth: 3 },
        encoding: { x: x('low'), x2: { field: 'high' }, y, color }
      },
      {
        data: { values: judged.filter(({ mean }) => mean !== undefined) },
        mark: { type: 'tick', thickness: 3, height: 14 },
        encoding: { x: x('mean'), y, color }
      },
      {
        data: { values: rings },
        mark: { type: 'point', filled: false, strokeWidth: 1.2, opacity: 1 },
        encoding: {
          x: x('tau'), y, color, size: { field: 'seeds', type: 'quantitative', scale: { domain: [1, 10], range: [30, 200], clamp: true }, legend: null }
        }
      },
      {
        data: { values: noise },
        mark: { type: 'point', shape: 'cross', filled: true, size: 40, color: grey, opacity: 1 },
        encoding: { x: x('tau'), y }
      },
      {
        data: { values: rows.filter(({ unknown }) => unknown !== '').map(({ row, unknown }) => ({ row, unknown, zero: 0 })) },
        mark: { type: 'text', color: '#555', fontSize: 10 },
        encoding: { x: x('zero'), y, text: { field: 'unknown' } }
      }
    ]
  })
}
