/** The figures of a report. Pure. */
import type { Figure } from '../../contract.js'
import { colors, figure, linesOfSeeds, named } from '../../kit/figure-parts.js'
import { armColour, drawSpread } from '../arm-figures.js'
import type { SegmentationSpec } from '../spec.js'
import { drawWidths } from './widths-figure.js'
import { lastOf, lengthsOf, meanScore, scoresOf, type Point, type RanArm } from './trials.js'

/** All figures that the finished trials allow. */
export function drawFigures (spec: SegmentationSpec, arms: RanArm[]): Figure[] {
  return [
    drawCurves(arms, { name: 'overlap', title: 'Mean IoU of the test pictures by pass', y: 'mean IoU', of: ({ meanIoU }) => meanIoU }),
    drawCurves(arms, { name: 'energy', title: 'Discrete energy of what is predicted of the training pictures by pass', y: 'grid-CRF energy', of: ({ pottsEnergy }) => pottsEnergy }),
    drawMethods(spec, arms),
    ...drawLengths(spec, arms),
    ...drawWidths(spec, arms),
    ...showSheets(arms)
  ]
}

interface Curve { name: string, title: string, y: string, of: (point: Point) => number }

function drawCurves (arms: RanArm[], { name, title, y, of }: Curve): Figure {
  const values = arms.flatMap(arm => arm.trials.flatMap(({ definition: { seed }, result: { points } }) =>
    points.map(point => ({ x: point.epoch, y: of(point), series: arm.name, seed }))))
  const encoding = {
    x: { field: 'x', type: 'quantitative', title: 'passes', axis: { grid: false, tickMinStep: 1 } },
    y: { field: 'y', type: 'quantitative', title: y, scale: { zero: false } },
    color: armColour(arms)
  }
  return figure(name, title, { title: { text: title }, width: 460, height: 280, layer: linesOfSeeds(values, encoding, ['series']) })
}

/** Every picture, and their mean. */
function drawMethods ({ judged }: SegmentationSpec, arms: RanArm[]): Figure {
  const values = arms.flatMap(arm => scoresOf(arm, judged).flatMap((scores, seed) => scores.map(iou => ({ series: arm.name, iou, seed }))))
  const means = arms.map(arm => ({ series: arm.name, iou: meanScore(arm, judged) }))
  return drawSpread(arms, {
    name: 'methods',
    title: 'Mean IoU of every picture by method',
    heading: { text: 'Mean IoU of every picture, and their mean', subtitle: judged === 'test' ? 'test pictures' : 'training pictures' },
    field: 'iou',
    axis: { title: 'mean IoU of a picture', scale: { zero: false } },
    format: '.3f',
    values,
    means
  })
}

/** None where scribbles have one length. */
function drawLengths ({ judged }: SegmentationSpec, arms: RanArm[]): Figure[] {
  if (lengthsOf(arms).length < 2) return []
  const values = arms.filter(({ method }) => method.type !== 'full').flatMap(arm => scoresOf(arm, judged).map((scores, seed) => ({
    x: arm.length, y: scores.reduce((sum, score) => sum + score, 0) / scores.length, series: arm.name.replace(/, length .*$/, ''), seed
  })))
  const series = [...new Set(values.map(({ series }) => series))]
  const encoding = {
    x: { field: 'x', type: 'quantitative', title: 'length of the scribbles', axis: { grid: false } },
    y: { field: 'y', type: 'quantitative', title: 'mean IoU', scale: { zero: false } },
    color: named('series', null, series, series.map((_, i) => colors[i % colors.length]))
  }
  const full = arms.filter(({ method }) => method.type === 'full').map(arm => ({ y: meanScore(arm, judged) }))
  return [figure('lengths', 'Mean IoU by length of the scribbles', {
    title: { text: 'Mean IoU by length of the scribbles', ...(full.length > 0 ? { subtitle: 'dashed: full supervision' } : {}) },
    width: 420,
    height: 280,
    layer: [
      ...linesOfSeeds(values, encoding, ['series']),
      { data: { values: full }, mark: { type: 'rule', strokeDash: [4, 3] }, encoding: { y: { field: 'y', type: 'quantitative' } } }
    ]
  })]
}

/** The first training pictures of the first seed of every arm, at the end. */
function showSheets (arms: RanArm[]): Figure[] {
  return arms.map(({ name, trials: [first] }, i) => ({
    name: `pictures-${i}`,
    title: `Picture, scribbles, mask, X, prediction, error: ${name}, seed ${first!.definition.seed}, mean IoU ${lastOf(first!).trainIoU.toFixed(3)}`,
    artifact: { trial: first!.id, name: 'pictures', step: first!.result.sheets.at(-1)! }
  }))
}
