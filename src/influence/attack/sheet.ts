/** The contact sheet of an attack: clean pictures above, what was added in the middle, attacked pictures below. */
import { encode } from 'fast-png'
import { entryAt, type AttackedChunk, type Box } from '../../tensor/attack.js'

/** Columns of a sheet: those that were made to be misread come first. */
const COLUMNS = 16
/** Small pictures are enlarged so that they are at least so many pixels high. */
const LEAST_HEIGHT = 56
const GAP = 2

interface Column { inputs: Float32Array, perturbation: Float32Array }

export interface Sheet {
  /** Takes pictures from a chunk, as long as there is room. @param labels of all examples */
  add (chunk: AttackedChunk, labels: Int32Array): void
  /** @returns a PNG file */
  draw (): Uint8Array
}

/** Whether inputs of a shape can be shown: [height, width, 1 or 3], no side above 256 pixels. */
export function isPicture (inputShape: readonly number[]): boolean {
  const [height = 0, width = 0, channels = 0] = inputShape
  return inputShape.length === 3 && (channels === 1 || channels === 3) && Math.max(height, width) <= 256
}

/** Makes an empty sheet. @param box what is black and white; without one the values of the pictures decide */
export function collectSheet (inputShape: readonly number[], box: Box | undefined): Sheet {
  const misread: Column[] = []
  const others: Column[] = []
  return {
    add ({ at, clean, attacked, inputs, perturbations }, labels) {
      const size = inputs.length / clean.length
      clean.forEach((predicted, i) => {
        const own = predicted === labels[at + i] && attacked[i] !== predicted ? misread : others
        const part = (values: Float32Array) => values.slice(i * size, (i + 1) * size)
        if (own.length < COLUMNS) own.push({ inputs: part(inputs), perturbation: part(perturbations) })
      })
    },
    draw: () => drawColumns([...misread, ...others].slice(0, COLUMNS), inputShape as [number, number, number], box)
  }
}

function drawColumns (columns: Column[], [height, width, channels]: [number, number, number], box: Box | undefined): Uint8Array {
  const zoom = Math.max(1, Math.ceil(LEAST_HEIGHT / height))
  const [tileWidth, tileHeight] = [width * zoom + GAP, height * zoom + GAP]
  const sheetWidth = columns.length * tileWidth + GAP
  const sheetHeight = 3 * tileHeight + GAP
  const data = new Uint8Array(sheetWidth * sheetHeight * channels).fill(255)

  function paint (column: number, row: number, grey: (at: number) => number): void {
    for (let y = 0; y < height * zoom; y++) {
      for (let x = 0; x < width * zoom; x++) {
        const from = (Math.floor(y / zoom) * width + Math.floor(x / zoom)) * channels
        const to = ((GAP + row * tileHeight + y) * sheetWidth + GAP + column * tileWidth + x) * channels
        for (let c = 0; c < channels; c++) data[to + c] = Math.round(255 * Math.min(1, Math.max(0, grey(from + c))))
      }
    }
  }

  const { low, high } = box ?? rangeOf(columns)
  const between = (value: number, at: number) => {
    const [least, greatest] = [entryAt(low, at), entryAt(high, at)]
    return greatest > least ? (value - least) / (greatest - least) : 0.5
  }
  columns.forEach(({ inputs, perturbation }, column) => {
    const largest = perturbation.reduce((max, value) => Math.max(max, Math.abs(value)), 0) || 1
    paint(column, 0, at => between(inputs[at]!, at))
    paint(column, 1, at => 0.5 + perturbation[at]! / (2 * largest))
    paint(column, 2, at => between(inputs[at]! + perturbation[at]!, at))
  })
  return encode({ width: sheetWidth, height: sheetHeight, channels, depth: 8, data })
}

function rangeOf (columns: Column[]): Box {
  const values = columns.flatMap(({ inputs }) => [...inputs])
  return { low: values.reduce((a, b) => Math.min(a, b), Infinity), high: values.reduce((a, b) => Math.max(a, b), -Infinity) }
}
