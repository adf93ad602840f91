/** How wide a kernel gradient descent and ADM prefer: mean IoU from the grid's neighbours to all pairs. Pure. */
import { meanOf } from '../../../math/mean.js'
import type { Figure } from '../../contract.js'
import { blue, figure, grey, linesOfSeeds, named, orange } from '../../kit/figure-parts.js'
import type { Pairs } from '../methods.js'
import type { SegmentationSpec } from '../spec.js'
import { bestOf, lengthsOf, meanScore, scoresOf, type RanArm } from './trials.js'

/** None with fewer than two kernels of a dense CRF; of scribbles of several lengths it is that of the longest. */
export function drawWidths ({ judged }: SegmentationSpec, arms: RanArm[]): Figure[] {
  const longest = lengthsOf(arms).reduce((most, length) => Math.max(most ?? 0, length ?? 0) === length ? length : most, undefined)
  const shown = arms.filter(({ length, method }) => length === longest || method.type === 'full')
  const regularized = shown.filter(({ method }) => method.type === 'gd' || method.type === 'adm')
  const widths = [...new Set(regularized.map(widthOf))].sort((a, b) => a - b)
  if (widths.filter(width => width > 0).length < 2) return []
  const values = (['gd', 'adm'] as const).flatMap(type => widths.flatMap(width => {
    const best = bestOf(regularized.filter(arm => arm.method.type === type && widthOf(arm) === width), judged)
    const scores = best === undefined ? [] : scoresOf(best, judged)
    return scores.map((ofSeed, seed) => ({ x: say(width), y: meanOf(ofSeed), series: type, seed }))
  }))
  const encoding = {
    x: { field: 'x', type: 'ordinal', title: 'deviation of the kernel in positions (pixels)', sort: widths.map(say), axis: { labelAngle: 0 } },
    y: { field: 'y', type: 'quantitative', title: 'mean IoU', scale: { zero: false } },
    color: named('series', null, ['gd', 'adm'], [blue, orange])
  }
  const beside = shown.filter(({ method: { type } }) => type === 'pce' || type === 'full').map(arm => ({ y: meanScore(arm, judged), name: arm.method.type }))
  return [figure('widths', 'Mean IoU by width of the kernel', {
    title: { text: 'Mean IoU by width of the kernel', subtitle: `${judged === 'test' ? 'test' : 'training'} pictures; the best lambda of each${beside.length > 0 ? '; dashed: without a regularizer' : ''}` },
    width: 420,
    height: 280,
    layer: [
      ...linesOfSeeds(values, encoding, ['series']),
      { data: { values: beside }, mark: { type: 'rule', strokeDash: [4, 3], color: grey }, encoding: { y: { field: 'y', type: 'quantitative' } } },
      {
        data: { values: beside },
        mark: { type: 'text', align: 'right', dy: -6, fontSize: 10, color: grey },
        encoding: { x: { value: 416 }, y: { field: 'y', type: 'quantitative' }, text: { field: 'name', type: 'nominal' } }
      }
    ]
  })]
}

/** 0 for neighbours alone. */
function widthOf ({ method }: RanArm): number {
  const pairs = (method as { pairs: Pairs }).pairs
  return pairs.type === 'grid' ? 0 : pairs.position
}

function say (width: number): string {
  return width === 0 ? 'grid' : String(width)
}
