/** How much work a trial is, in its training steps: what progress counts, and what paces boundaries. Pure. */
import { forwardFlops, type Architecture } from '../../tensor/architecture.js'
import type { Method } from './methods.js'
import type { SegmentationSpec } from './spec.js'

/** Points at which a training is measured, beside its end and the end of the warm-up. */
const POINTS = 10
/** Of an X-step, of each pixel and label, in operations at the pace of a slow machine: 300 ns at 20 GFLOP/s. */
const STEP_FLOPS = 6000

/** Passes of both phases. */
export function epochsOf ({ warmup, epochs }: Pick<SegmentationSpec, 'warmup' | 'epochs'>): number {
  return warmup + epochs
}

/** Whether it is measured after an epoch; 0: before the first. */
export function isMeasured (spec: Pick<SegmentationSpec, 'warmup' | 'epochs'>, epoch: number): boolean {
  const all = epochsOf(spec)
  return epoch === all || (epoch > 0 && (epoch === spec.warmup || epoch % Math.ceil(all / POINTS) === 0))
}

/** Work of the whole trial, the `of` of its progress, and of one measurement. */
export function workOf (spec: SegmentationSpec, { train, test }: { train: number, test: number }): { all: number, measure: number } {
  const all = epochsOf(spec)
  const batchSize = Math.min(spec.batchSize, train)
  const measure = (train + test) / 3 / batchSize
  const measured = Array.from({ length: all + 1 }, (_, epoch) => epoch).filter(epoch => isMeasured(spec, epoch)).length
  return { all: Math.round(all * Math.ceil(train / batchSize) + measured * measure), measure }
}

/** Gradients that a picture of a step costs, its X-step or prices among them. */
export function gradientsOf (method: Method, architecture: Architecture, { pixels, labels }: { pixels: number, labels: number }): number {
  const isFound = (method.type === 'adm' && method.every === 0) || (method.type === 'gd' && method.pairs.type === 'dense')
  return isFound ? Math.ceil(4 / 3 + pixels * labels * STEP_FLOPS / (3 * forwardFlops(architecture))) : 1
}
