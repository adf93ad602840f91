/** The first training pictures side by side: picture, scribbles, mask, X, prediction, and where that errs. */
import { UNLABELLED } from '../../datasets/unlabelled.js'
import { classPalette } from '../../figures/indexed-png.js'
import { encodePng } from '../../figures/png.js'
import { mapAt } from './data.js'
import { labellingOf } from './measure.js'
import type { TrialState } from './trial-state.js'

/** Between panels, in pixels. */
const GAP = 2
const COLUMNS = 6
const palette = classPalette()

type Colour = (pixel: number) => readonly [number, number, number]

/** Small pictures are drawn in whole multiples of their size, a panel of at least so many pixels. */
const LEAST_SIDE = 128

/**
 * Draws the sheet as PNG, a row for each picture, in the order picture, scribbles, mask, X, prediction, error; no X: grey; around a
 * picture: white.
 */
export function drawSheet (trial: TrialState, onTrain: Uint8Array, count: number): Uint8Array {
  const { frame: [height, width], extents } = trial.train
  const scale = Math.max(1, Math.ceil(LEAST_SIDE / Math.max(height, width)))
  const panel = { width: scale * width + GAP, height: scale * height + GAP }
  const size = { width: COLUMNS * panel.width - GAP, height: count * panel.height - GAP }
  const data = new Uint8Array(size.width * size.height * 3).fill(255)
  for (let i = 0; i < count; i++) {
    const own = extents[i]!
    panelsOf(trial, i, mapAt(trial.train, i, onTrain)).forEach((colour, column) => {
      for (let y = 0; y < own.height; y++) {
        const line = new Uint8Array(3 * scale * own.width)
        for (let x = 0; x < scale * own.width; x++) line.set(colour(y * own.width + Math.floor(x / scale)), 3 * x)
        const top = i * panel.height + scale * (own.top + y)
        for (let k = 0; k < scale; k++) data.set(line, 3 * ((top + k) * size.width + column * panel.width + scale * own.left))
      }
    })
  }
  return new Uint8Array(encodePng({ ...size, channels: 3, data }))
}

function panelsOf (trial: TrialState, i: number, predicted: Uint8Array): Colour[] {
  const { pixels: { data, channels }, scribbles } = trial.pictureAt(i)
  const mask = mapAt(trial.train, i, trial.train.masks)
  const x = labellingOf(trial, i)
  const next = channels === 1 ? 0 : 1 // grey is all three colours
  const seen: Colour = p => [data[p * channels]!, data[p * channels + next]!, data[p * channels + 2 * next]!]
  const faint: Colour = p => {
    const [red, green, blue] = seen(p)
    return [128 + red / 2, 128 + green / 2, 128 + blue / 2]
  }
  return [
    seen,
    p => scribbles[p] === UNLABELLED ? faint(p) : labelColour(scribbles[p]!),
    p => labelColour(mask[p]!),
    p => x ? labelColour(x[p]!) : [200, 200, 200],
    p => labelColour(predicted[p]!),
    p => mask[p] === UNLABELLED || mask[p] === predicted[p] ? faint(p) : [220, 30, 30]
  ]
}

function labelColour (label: number): [number, number, number] {
  return [palette[3 * label]!, palette[3 * label + 1]!, palette[3 * label + 2]!]
}
