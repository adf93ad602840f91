/** The pictures of a report as Vega-Lite, data inside. Pure; src/figures/draw.ts draws them. */
import type { Figure } from '../../contract.js'
import type { LeaderSpec } from '../spec.js'
import { drawProgress } from './curve-figures.js'
import { drawLandscape } from './landscape-figure.js'
import { drawLeaders } from './leader-figure.js'
import { hasErrors, type RanArm } from './trials.js'
import { drawDistances, drawWorkers } from './worker-figures.js'

/** All figures that the finished trials allow; at least one arm has a result. */
export function drawFigures (spec: LeaderSpec, arms: RanArm[]): Figure[] {
  return [
    ...(hasErrors(arms) ? [drawProgress(spec, arms, 'error')] : []),
    drawProgress(spec, arms, 'loss'),
    ...drawLeaders(arms),
    ...drawLandscape(spec, arms),
    ...drawWorkers(arms),
    ...drawDistances(arms)
  ]
}
