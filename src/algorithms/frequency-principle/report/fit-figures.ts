/** Target and fit at chosen moments: as functions, as pictures, and as spectra. One row per optimizer, first seed. Pure. */
import { encode } from 'fast-png'
import type { Figure } from '../../contract.js'
import type { Arm } from './arms.js'
import { figure, grey, orange, sayFirstSeed, thin } from './figure-parts.js'
import type { FrequencyPrincipleResult, Snapshot } from '../result.js'

/** Columns of a figure; a report has more moments than can be looked at. */
const maxMoments = 5
/** Points of a drawn function. */
const maxPoints = 256

interface Row { name: string, result: FrequencyPrincipleResult, moments: Snapshot[] }

function rowsOf (arms: Arm[]): Row[] {
  return arms.map(({ name, trials }) => {
    const { result } = trials[0]!
    return { name, result, moments: chooseMoments(result.snapshots) }
  })
}

/** The start, the end, and between them those that are evenly spread over the list. */
function chooseMoments (snapshots: Snapshot[]): Snapshot[] {
  const count = Math.min(maxMoments, snapshots.length)
  if (count < 2) return snapshots.slice(0, count)
  return Array.from({ length: count }, (_, i) => snapshots[Math.round(i * (snapshots.length - 1) / (count - 1))]!)
}

/** Fits over the target. */
export function drawFits (arms: Arm[]): Figure {
  return grid('fits', 'Target and fit at chosen moments', `grey: target; ${sayFirstSeed(arms)}`, rowsOf(arms), ({ result }, moment) => {
    const n = result.target.length
    const x = (j: number) => -Math.PI + 2 * Math.PI * j / n
    const indices = thin(result.target.map((_, j) => j), maxPoints)
    const limit = 1.25 * Math.max(...result.target.map(Math.abs))
    const axis = (field: string, end: number, ticks: number[] | undefined) => ({
      field, type: 'quantitative', title: null, scale: { domain: [-end, end], nice: false }, axis: { ...(ticks ? { values: ticks } : { tickCount: 3 }), grid: false }
    })
    const line = (values: number[], color: string, strokeWidth: number) => ({
      data: { values: indices.map(j => ({ x: x(j), y: values[j]! })) },
      mark: { type: 'line', color, strokeWidth, clip: true },
      encoding: {
        x: axis('x', Math.PI, [-3, 0, 3]),
        y: axis('y', limit, undefined)
      }
    })
    return { layer: [line(result.target, grey, 2.5), line(moment.fit, orange, 1.5)] }
  })
}

/** Spectra: bars are the target, points the fit. */
export function drawSpectra (arms: Arm[]): Figure {
  const hasNulls = arms.some(({ trials }) => trials[0]!.result.spectrum.shuffled !== undefined)
  return grid('spectra', 'Spectra of target and fit at chosen moments', `bars: target, points: fit${hasNulls ? ', line: 95th percentile of shuffled targets' : ''}; ${sayFirstSeed(arms)}`, rowsOf(arms), ({ result }, moment) => {
    const { frequencies, target, shuffled } = result.spectrum
    const shown = shownBins(result)
    const top = 1.3 * Math.max(...target)
    const axis = (field: string, scale: object, tickCount: number) =>
      ({ field, type: 'quantitative', title: null, scale: { ...scale, nice: false }, axis: { tickCount, grid: false } })
    const x = axis('frequency', { domain: [-0.5, frequencies[shown - 1]! + 0.5] }, 6)
    const y = axis('amplitude', { domain: [0, top], type: result.picture === null ? 'linear' : 'sqrt' }, 3) // pictures fall off steeply
    const points = (values: number[]) => frequencies.slice(0, shown).map((frequency, k) => ({ frequency, amplitude: values[k]! }))
    return {
      layer: [
        { data: { values: points(target) }, mark: { type: 'bar', color: '#c9c9c9', width: Math.max(2, 110 / shown), clip: true }, encoding: { x, y } },
        ...(shuffled ? [{ data: { values: points(shuffled) }, mark: { type: 'line', color: '#444', strokeWidth: 1, clip: true }, encoding: { x, y } }] : []),
        { data: { values: points(moment.spectrum) }, mark: { type: 'point', filled: true, size: 14, color: orange, opacity: 1, clip: true }, encoding: { x, y } }
      ]
    }
  })
}

/** Bins up to a little beyond the highest band: what follows is near 0. */
function shownBins ({ spectrum: { frequencies }, bands }: FrequencyPrincipleResult): number {
  const highest = Math.max(...bands.map(({ frequency }) => frequency))
  const beyond = frequencies.findIndex(frequency => frequency > 2 * highest + 2)
  return beyond < 0 ? frequencies.length : beyond
}

function grid (
  name: string, title: string, subtitle: string, rows: Row[], panel: (row: Row, moment: Snapshot) => Record<string, unknown>
): Figure {
  return figure(name, title, {
    title: { text: title, subtitle },
    spacing: 14,
    vconcat: rows.map(row => ({
      title: { text: row.name, fontSize: 12, offset: 4 },
      spacing: 14,
      hconcat: row.moments.map(moment => ({
        title: { text: sayMoment(moment), fontSize: 10, fontWeight: 'normal', offset: 4 },
        width: 150,
        height: 80,
        ...panel(row, moment)
      }))
    }))
  })
}

function sayMoment ({ step, label }: Snapshot): string {
  return shorten(`step ${step}: ${label}`, 34)
}

function shorten (text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`
}

/** Pictures: the target first, then what the network has learned of it. */
export function drawPictures (arms: Arm[]): Figure {
  const side = 96
  const cell = { width: side + 24, height: side + 58 }
  const rows = rowsOf(arms)
  const values = rows.flatMap(({ name, result, moments }, r) => [
    { step: 'target', label: '', fit: result.target },
    ...moments.map(({ step, label, fit }) => ({ step: `step ${step}`, label: shorten(label, 22), fit }))
  ].map(({ step, label, fit }, c) => ({
    x: (c + 0.5) * cell.width,
    y0: r * cell.height + 8,
    y1: r * cell.height + 22,
    y2: r * cell.height + 34,
    y3: r * cell.height + 42 + side / 2,
    url: encodeGrey(fit, result.picture!),
    name: c === 0 ? name : '',
    step,
    label
  })))
  const columns = Math.max(...rows.map(({ moments }) => moments.length)) + 1
  const size = { width: columns * cell.width, height: rows.length * cell.height }
  const x = { field: 'x', type: 'quantitative', axis: null, scale: { domain: [0, size.width] } }
  const y = (field: string) => ({ field, type: 'quantitative', axis: null, scale: { domain: [0, size.height], reverse: true } })
  const text = (field: string, at: string, more: object) =>
    ({ mark: { type: 'text', fontSize: 9.5, color: '#555', ...more }, encoding: { x, y: y(at), text: { field } } })
  return figure('fits', 'Target and fit at chosen moments', {
    title: { text: 'The picture and what the network has learned of it', subtitle: `0 is black, 1 is white, values beyond are cut off; ${sayFirstSeed(arms)}` },
    ...size,
    data: { values },
    layer: [
      { mark: { type: 'image', width: side, height: side }, encoding: { x, y: y('y3'), url: { field: 'url', type: 'nominal' } } },
      text('name', 'y0', { fontWeight: 'bold', fontSize: 11, color: '#222' }),
      text('step', 'y1', {}),
      text('label', 'y2', { fontSize: 9 })
    ]
  })
}

function encodeGrey (values: number[], { height, width }: { height: number, width: number }): string {
  const data = Uint8Array.from(values, value => Math.round(255 * Math.min(1, Math.max(0, value))))
  return `data:image/png;base64,${Buffer.from(encode({ width, height, channels: 1, depth: 8, data })).toString('base64')}`
}
