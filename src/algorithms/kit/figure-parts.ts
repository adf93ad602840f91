/** What figures of kinds share: axes, colours, lines of seeds with their means. Pure. */
import type { Figure } from '../contract.js'

/** A channel of an encoding. */
export interface Field { field: string, [property: string]: unknown }

export const blue = '#2e6fae'
export const orange = '#e4572e'
export const grey = '#8a8a8a'

/** Told apart also by readers who do not see red and green alike. */
export const colors = [blue, orange, '#3a9a6e', '#8a4fbf', '#c79a00', '#5a5a5a', '#d1699f', '#4bb3c9', '#7a5c3e', '#9fb53c']

/** Wraps a specification. */
export function figure (name: string, title: string, vegaLite: Record<string, unknown>): Figure {
  return { name, title, vegaLite: { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', ...vegaLite } }
}

/** A logarithmic axis that names its points and nothing between. */
export function logPoints (field: string, title: string, points: number[], format = '~g'): Field {
  return {
    field,
    type: 'quantitative',
    title,
    scale: { type: 'log', nice: false, domain: [Math.min(...points) / 1.15, Math.max(...points) * 1.15] },
    axis: { values: points, format, grid: false, labelOverlap: true }
  }
}

/** A logarithmic axis over what was measured, with the numbers 1, 2 and 5 of each decade, over many decades with 1 alone. */
export function logValues (field: string, title: string, values: number[]): Field {
  const [low, high] = [Math.min(...values) / 1.2, Math.max(...values) * 1.2]
  const decades = Array.from({ length: 40 }, (_, k) => 10 ** (k - 20))
  const named = decades.flatMap(decade => high / low > 1e3 ? [decade] : [decade, 2 * decade, 5 * decade])
  return {
    field,
    type: 'quantitative',
    title,
    scale: { type: 'log', nice: false, domain: [low, high] },
    axis: { values: named.filter(value => value >= low && value <= high), format: '~g' }
  }
}

/** Panels beside and below each other whose plots stand in line. */
export const inLine = { bounds: 'flush', spacing: { row: 80, column: 80 } }

/** Lines that are told apart by their dashes: whole ones first. */
export const dashes = [[1, 0], [4, 3], [1.5, 2], [8, 3], [8, 3, 1.5, 3], [3, 6]]

/** A channel of names, with a legend of lines as strong as the means. */
export function named (field: string, title: string | null, domain: string[], range: unknown[], orient = 'right'): Field {
  const isDashed = range.some(Array.isArray)
  const legend = { orient, symbolType: 'stroke', symbolOpacity: 1, symbolStrokeWidth: 2.2, ...(isDashed ? { symbolStrokeColor: grey } : {}) }
  return { field, type: 'nominal', title, scale: { domain, range }, legend }
}

/** The title of a panel, over its plot. */
export function panelTitle (text: string): Record<string, unknown> {
  return { text, fontSize: 12, offset: 6, frame: 'group' }
}

/** At most so many, arms or points, spread over all of them; the first and the last stay. */
export function thinned<T> (list: T[], max: number): T[] {
  if (list.length <= max) return list
  return Array.from({ length: max }, (_, i) => list[Math.round(i * (list.length - 1) / (max - 1))]!)
}

/** Lines of single seeds, thin, and of their means, strong. @param values rows with x, y, series and seed */
export function linesOfSeeds (
  values: Record<string, unknown>[], encoding: { x: Field, y: Field, [channel: string]: unknown }, by: string[]
): Record<string, unknown>[] {
  const groups = new Map<string, Record<string, unknown>[]>()
  for (const row of values) {
    const key = JSON.stringify([row[encoding.x.field], ...by.map(name => row[name])])
    groups.set(key, [...groups.get(key) ?? [], row])
  }
  const y = encoding.y.field
  const means = [...groups.values()].map(rows => ({ ...rows[0], [y]: rows.reduce((sum, row) => sum + Number(row[y]), 0) / rows.length }))
  const thin = { data: { values }, mark: { type: 'line', strokeWidth: 0.8, opacity: 0.4 }, encoding: { ...encoding, detail: { field: 'seed' } } }
  const { strokeDash: _, ...ofPoints } = encoding
  return [
    ...(means.length < values.length ? [thin] : []),
    { data: { values: means }, mark: { type: 'line', strokeWidth: 2.2 }, encoding },
    { data: { values: means }, mark: { type: 'point', filled: true, opacity: 1, size: 36 }, encoding: ofPoints }
  ]
}
