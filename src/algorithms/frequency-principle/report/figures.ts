/**
 * The pictures of a report as Vega-Lite, data inside. Pure; src/figures/draw.ts draws them. Next hops: heat-maps, errors
 * and losses over steps in curve-figures.ts, the order of learning in order-figure.ts, fits and spectra at moments in fit-figures.ts.
 */
import type { Figure } from '../../contract.js'
import type { Arm } from './arms.js'
import { drawErrors, drawHeatMaps, drawLosses } from './curve-figures.js'
import { drawFits, drawPictures, drawSpectra } from './fit-figures.js'
import { drawOrders } from './order-figure.js'
import type { FrequencyPrincipleSpec } from '../spec.js'

/** All figures that the finished trials allow; there is at least one. */
export function drawFigures (spec: FrequencyPrincipleSpec, arms: Arm[]): Figure[] {
  const { picture, target, spectrum } = arms[0]!.trials[0]!.result
  return [
    drawHeatMaps(spec, arms),
    drawErrors(spec, arms),
    drawOrders(arms),
    ...(spectrum.frequencies.length > 0 ? [drawSpectra(arms)] : []),
    ...(target.length === 0 ? [] : [picture === null ? drawFits(arms) : drawPictures(arms)]),
    drawLosses(arms)
  ]
}
