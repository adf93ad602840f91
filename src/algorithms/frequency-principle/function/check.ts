/** What a spec with a function or a picture as its target still gets wrong. Pure. */
import { AppError, type Violation } from '../../../errors.js'
import type { OptimizerSpec } from '../optimizer-spec.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import { checkWork } from '../work.js'
import { netOf, sizeOf } from './network.js'
import { makePoints, openProbe, type FunctionTarget } from './points.js'

/** Lists the broken rules. */
export function checkFunction (spec: FrequencyPrincipleSpec, target: FunctionTarget): Violation[] {
  const unused = spec.data === undefined ? [] : [{ path: 'spec.data', rule: 'must be left out unless target.type is data', got: target.type }]
  const shape = checkTarget(target)
  if (shape.length > 0) return [...unused, ...shape]
  const points = makePoints(target).y.length
  return [
    ...unused,
    ...checkSpectrum(spec, target, points),
    ...spec.optimizers.flatMap((optimizer, i) => checkOptimizer(spec, target, points, optimizer, i))
  ]
}

function checkTarget (target: FunctionTarget): Violation[] {
  return [...checkShape(target), ...checkTestPoints(target)]
}

function checkTestPoints (target: FunctionTarget): Violation[] {
  if (target.type === 'image' || target.type === 'samples' || (target.testPoints ?? Infinity) > target.points) return []
  return [{ path: 'spec.target.testPoints', rule: `must be > ${target.points}, the points that are fitted`, got: target.testPoints }]
}

function checkShape (target: FunctionTarget): Violation[] {
  if (target.type === 'sines') {
    const frequencies = target.terms.map(({ frequency }) => frequency)
    return frequencies.flatMap((frequency, i) => {
      const path = `spec.target.terms[${i}].frequency`
      if (2 * frequency >= target.points) return [{ path, rule: `must be < ${target.points / 2}, half the points`, got: frequency }]
      return frequencies.indexOf(frequency) === i ? [] : [{ path, rule: 'must be another for each term', got: frequency }]
    })
  }
  if (target.type !== 'image') return []
  const { pixels, side, bands } = target
  const width = pixels?.[0]?.length ?? side
  const ragged = (pixels ?? []).flatMap((row, i) => row.length === width
    ? []
    : [{ path: `spec.target.pixels[${i}]`, rule: `must have ${width} values, as the first row`, got: row.length }])
  const max = 1 + Math.floor(Math.min(pixels?.length ?? side, width) / 2)
  return [...ragged, ...(bands <= max ? [] : [{ path: 'spec.target.bands', rule: `must be <= ${max}, 1 + half the shorter side`, got: bands }])]
}

function checkSpectrum (spec: FrequencyPrincipleSpec, target: FunctionTarget, points: number): Violation[] {
  const { frequencies } = spec.spectrum
  if (frequencies && target.type === 'image') {
    return [{ path: 'spec.spectrum.frequencies', rule: 'must be left out for a picture, whose bands are rings', got: frequencies }]
  }
  const beyond = (frequencies ?? []).flatMap((frequency, i) => 2 * frequency <= points
    ? []
    : [{ path: `spec.spectrum.frequencies[${i}]`, rule: `must be <= ${Math.floor(points / 2)}, half the points`, got: frequency }])
  if (beyond.length > 0) return beyond
  try {
    openProbe(spec, target, makePoints(target))
    return []
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return [{ path: frequencies ? 'spec.spectrum.frequencies' : 'spec.target', rule: ruleOf(error.detail), got: frequencies ?? target.type }]
  }
}

function checkOptimizer (
  spec: FrequencyPrincipleSpec, target: FunctionTarget, points: number, optimizer: OptimizerSpec, i: number
): Violation[] {
  const path = `spec.optimizers[${i}]`
  if (optimizer.type === 'sgd') return [{ path: `${path}.type`, rule: 'must not be sgd unless target.type is data; gd takes all points at once', got: 'sgd' }]
  if ('epochs' in optimizer && optimizer.epochs !== undefined) {
    return [{ path: `${path}.epochs`, rule: 'must be left out unless target.type is data; steps bounds the others', got: optimizer.epochs }]
  }
  return checkWork(optimizer, sizeOf(netOf(spec, target, optimizer), points), path)
}

/** What must hold, of a sentence that also says what and got. */
function ruleOf (detail: string): string {
  return detail.slice(detail.indexOf('must')).replace(/, got [^,]*$/, '')
}
