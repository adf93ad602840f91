/** The pictures of linear classifiers as Vega-Lite, data inside. Pure; src/figures/draw.ts draws them. */
import type { Figure } from '../../contract.js'
import { drawDirection, drawMargins, drawNorm } from './curve-figures.js'
import { drawLaws } from './law-figure.js'
import { drawPlane } from './plane-figure.js'
import type { LinearArm } from './trials.js'

/** All figures that the finished trials allow. */
export function drawLinear (arms: LinearArm[]): Figure[] {
  const told = arms.filter(({ trials }) => trials[0]!.of.curve.length > 0)
  if (told.length === 0) return []
  return [...drawDirection(told), ...drawMargins(told), ...drawLaws(told), drawNorm(told), ...drawPlane(told)]
}
