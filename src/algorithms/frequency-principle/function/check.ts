/** What a spec with a function or a picture as its target still gets wrong. Pure. */
import { AppError, type Violation } from '../../../errors.js'
import { parameterCount } from '../../../tensor/float64/regression.js'
import type { OptimizerSpec } from '../optimizer-spec.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import { makePoints, openProbe, type FunctionTarget } from './points.js'
import { evaluationNanoseconds, evaluationsPerStep, matrixBytes, maxMatrixBytes, maxStepNanoseconds, netOf } from './work.js'

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
  const swarm = checkSwarm(optimizer, path)
  if (swarm.length > 0) return swarm
  const net = netOf(spec, target, optimizer)
  const parameters = parameterCount(net)
  const bytes = matrixBytes(net)
  if (optimizer.type === 'bfgs' && bytes > maxMatrixBytes) {
    const rule = `must have a matrix of at most ${maxMatrixBytes / 2 ** 20} MiB, 8 P^2 bytes for P = ${parameters} parameters; use lbfgs, or a smaller network`
    return [{ path, rule, got: `${Math.ceil(bytes / 2 ** 20)} MiB` }]
  }
  const evaluations = evaluationsPerStep(optimizer, net)
  const seconds = evaluations * evaluationNanoseconds(net, points) / 1e9
  if (seconds <= maxStepNanoseconds / 1e9) return []
  const advice = optimizer.type === 'powell' || optimizer.type === 'pso' ? 'give it a smaller network by hidden' : 'take a smaller network or fewer points'
  const rule = `must step in at most ${maxStepNanoseconds / 1e9} s: about ${evaluations} evaluations of ${parameters} parameters on ${points} points; ${advice}`
  return [{ path, rule, got: `${seconds.toPrecision(2)} s` }]
}

/** A swarm evaluates every particle at least once, and a ring has no more neighbours than places. */
function checkSwarm (optimizer: OptimizerSpec, path: string): Violation[] {
  if (optimizer.type !== 'pso') return []
  const { particles, topology, neighbours, evaluations } = optimizer
  const max = Math.floor(particles / 2)
  return [
    ...(topology === 'ring' && neighbours > max ? [{ path: `${path}.neighbours`, rule: `must be <= ${max}, half the particles`, got: neighbours }] : []),
    ...(evaluations !== undefined && evaluations < particles ? [{ path: `${path}.evaluations`, rule: `must be >= ${particles}, one for each particle`, got: evaluations }] : [])
  ]
}

/** What must hold, of a sentence that also says what and got. */
function ruleOf (detail: string): string {
  return detail.slice(detail.indexOf('must')).replace(/, got [^,]*$/, '')
}
