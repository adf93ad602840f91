/** The pictures of a report as Vega-Lite, data inside. Pure; src/figures/draw.ts draws them. */
import type { Figure } from '../../contract.js'
import type { InitializationSpec } from '../spec.js'
import { drawBreakEven, drawReached } from './cost-figures.js'
import { drawCurves } from './curve-figure.js'
import { drawExamples } from './example-figure.js'
import { drawGains, drawHistogram, drawSuccess, drawWins } from './gain-figures.js'
import { drawCalibration } from './calibration-figure.js'
import { drawOffline } from './offline-figure.js'
import type { Compared } from './paired.js'

/** All figures that the finished trials allow; at least one arm has a result. */
export function drawFigures (spec: InitializationSpec, compared: Compared): Figure[] {
  return [
    ...drawCurves(compared), ...drawGains(compared), ...drawWins(compared), ...drawHistogram(compared), ...drawSuccess(spec, compared),
    ...drawReached(compared), ...drawBreakEven(compared), ...drawOffline(compared), ...drawCalibration(compared),
    ...drawExamples(spec, compared)
  ]
}
