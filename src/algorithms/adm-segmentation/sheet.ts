/** The first training pictures side by side: picture, scribbles, mask, X, prediction, and where that errs. */
import { encode } from 'fast-png'
import { UNLABELLED } from '../../datasets/unlabelled.js'
import { classPalette } from '../../figures/indexed-png.js'
import { labellingOf } from './measure.js'
import type { TrialState } from './trial-state.js'

/** Between panels, in pixels. */
const GAP = 2
const COLUMNS = 6
const palette = classPalette()

type Colour = (pixel: number) => readonly [number, number, number]

/** Draws the sheet as PNG, a row for each picture, in the order picture, scribbles, mask, X, prediction, error; no X: grey. */
export function drawSheet (trial: TrialState, onTrain: Uint8Array, count: number): Uint8Array {
  const { architecture: { inputShape: [height, width] }, pixels } = trial
  const size = { width: COLUMNS * (width! + GAP) - GAP, height: count * (height! + GAP) - GAP }
  const data = new Uint8Array(size.width * size.height * 3).fill(255)
  for (let i = 0; i < count; i++) {
    panelsOf(trial, i, onTrain.subarray(i * pixels, (i + 1) * pixels)).forEach((colour, column) => {
      for (let pixel = 0; pixel < pixels; pixel++) {
        const at = (i * (height! + GAP) + Math.floor(pixel / width!)) * size.width + column * (width! + GAP) + pixel % width!
        data.set(colour(pixel), 3 * at)
      }
    })
  }
  return encode({ ...size, channels: 3, depth: 8, data })
}

function panelsOf (trial: TrialState, i: number, predicted: Uint8Array): Colour[] {
  const { pixels: { data, channels }, scribbles } = trial.pictureAt(i)
  const mask = trial.train.masks.subarray(i * trial.pixels, (i + 1) * trial.pixels)
  const x = labellingOf(trial, i)
  const seen: Colour = p => [0, 1, 2].map(c => data[p * channels + (channels === 1 ? 0 : c)]!) as [number, number, number]
  const faint: Colour = p => seen(p).map(value => 128 + value / 2) as [number, number, number]
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
