/** What a spec that fits its schema still gets wrong, alone or with the data set it names. Pure. */
import { describeClasses } from '../../datasets/classes.js'
import type { DatasetDescription } from '../../datasets/dataset.js'
import { AppError, type Violation } from '../../errors.js'
import { outputShapes } from '../../tensor/architecture.js'
import type { InputDescriptions } from '../contract.js'
import { checkOptimizer } from '../kit/descent.js'
import { architectureOf } from '../kit/network.js'
import { armsOf, type Arm } from './arms.js'
import { checkClaims } from './check-claims.js'
import { firstHorizon } from './horizons.js'
import { linearOverrides, type LinearProblem, type PointsOf } from './linear/spec.js'
import { sizeOfPoints } from './needs.js'
import { networkNorms } from './network/adversary.js'
import type { NetworkProblem } from './network/spec.js'
import type { AdversarialSpec } from './spec.js'

/** An arm, and where the spec has its training. */
interface Placed<Problem = Arm['problem']> extends Arm<Problem> { at: string }

/** Lists the broken rules. */
export function check (spec: AdversarialSpec, { data: { data } }: InputDescriptions): Violation[] {
  const arms = armsOf(spec).map((arm, i) => ({ ...arm, at: `spec.trainings[${i}]` }))
  const { problem } = spec
  return [
    ...checkNames(arms),
    ...(problem.type === 'linear' ? checkLinear(problem, arms as Placed<LinearProblem>[], data) : checkNetworks(problem, arms as Placed<NetworkProblem>[], data)),
    ...checkClaims(spec, arms)
  ]
}

type Data = DatasetDescription | undefined

function checkLinear (problem: LinearProblem, arms: Placed<LinearProblem>[], data: Data): Violation[] {
  return [...checkPoints(problem, data), ...arms.flatMap(arm => checkLinearArm(arm, data))]
}

function checkNetworks (problem: NetworkProblem, arms: Placed<NetworkProblem>[], data: Data): Violation[] {
  const { optimizer, epochs, attack: { warmup } } = problem
  return [
    ...checkOptimizer(optimizer, 'spec.problem.optimizer', epochs),
    ...(warmup <= epochs ? [] : [{ path: 'spec.problem.attack.warmup', rule: `must be <= ${epochs}, the number of epochs: the radius would never be whole`, got: warmup }]),
    ...arms.flatMap(checkNetworkArm),
    ...(data === undefined ? [] : checkData(problem, arms, data))
  ]
}

function checkNames (arms: Placed[]): Violation[] {
  return arms.flatMap(({ name, at }, i) => arms.findIndex(other => other.name === name) === i
    ? []
    : [{ path: `${at}.name`, rule: 'must be its own: another training has this name, or is the same', got: name }])
}

/** @param data of classes, where it is known */
function checkLinearArm ({ at, training, radius, problem: { steps, batch, points } }: Placed<LinearProblem>, data: Data): Violation[] {
  const most = points.type === 'classes' && data === undefined ? Infinity : sizeOfPoints(points, data).count
  return [
    ...(training.network === undefined ? [] : [{ path: `${at}.network`, rule: 'must be left out for a linear classifier', got: training.network.type }]),
    ...(radius.type !== 'tuned' || steps >= firstHorizon
      ? []
      : [{ path: training.steps === undefined ? 'spec.problem.steps' : `${at}.steps`, rule: `must be >= ${firstHorizon} for a radius that is tuned to them`, got: steps }]),
    ...(batch === 'full' || batch <= most
      ? []
      : [{ path: training.batch === undefined ? 'spec.problem.batch' : `${at}.batch`, rule: `must be full or <= ${most}, the number of points`, got: batch }])
  ]
}

/** @param data of classes, where it is known */
function checkPoints ({ points }: LinearProblem, data: Data): Violation[] {
  if (points.type === 'given') return checkGiven(points)
  if (points.type !== 'classes' || data === undefined) return []
  const { labelNames, trainCount } = describeClasses(data, 'spec.problem.points.data')
  const named = (['positive', 'negative'] as const).filter(side => !labelNames.includes(points[side])).map(side =>
    ({ path: `spec.problem.points.${side}`, rule: `must be one of ${sayNames(labelNames)}`, got: points[side] }))
  const same = points.positive === points.negative
    ? [{ path: 'spec.problem.points.negative', rule: 'must be another class than positive', got: points.negative }]
    : []
  return [...named, ...same, ...limit('spec.problem.points.trainExamples', points.trainExamples, trainCount, 'training')]
}

function checkGiven ({ points }: PointsOf<'given'>): Violation[] {
  const at = 'spec.problem.points.points'
  const { length } = points[0]!
  return [
    ...points.flatMap((point, i) => point.length === length ? [] : [{ path: `${at}[${i}]`, rule: `must have ${length} numbers, as the first point`, got: point.length }]),
    ...(points.some(point => point.some(value => value !== 0)) ? [] : [{ path: at, rule: 'must have a point other than 0', got: 0 }])
  ]
}

/** The first names of a data set with many. */
function sayNames (names: readonly string[]): string {
  return names.length <= 20 ? names.join(', ') : `${names.slice(0, 20).join(', ')} and ${names.length - 20} others`
}

/** Networks are trained against balls whose projections are compiled, at radii in the units that they see. */
function checkNetworkArm ({ at, training, q, radius }: Placed<NetworkProblem>): Violation[] {
  return [
    ...(networkNorms.some(norm => norm === q) ? [] : [{ path: `${at}.q`, rule: 'must be 2 or infinity for a network', got: q }]),
    ...(radius.type === 'none' || radius.type === 'absolute' ? [] : [{ path: `${at}.radius.type`, rule: 'must be none or absolute for a network, whose margin nobody knows', got: radius.type }]),
    ...(Object.keys(linearOverrides) as (keyof typeof linearOverrides)[]).flatMap(field => training[field] === undefined
      ? []
      : [{ path: `${at}.${field}`, rule: 'must be left out for a network', got: training[field] }])
  ]
}

function checkData (problem: NetworkProblem, arms: Placed<NetworkProblem>[], data: DatasetDescription): Violation[] {
  const described = describeClasses(data, 'spec.problem.data')
  const { inputShape, classes, trainCount, testCount } = described
  const train = Math.min(problem.trainExamples ?? Infinity, trainCount)
  return [
    ...limit('spec.problem.trainExamples', problem.trainExamples, trainCount, 'training'),
    ...limit('spec.problem.testExamples', problem.testExamples, testCount, 'test'),
    ...(testCount < 1 ? [{ path: 'spec.problem.data', rule: 'must have test examples', got: testCount }] : []),
    ...(classes < 2 ? [{ path: 'spec.problem.data', rule: 'must have at least 2 classes', got: classes }] : []),
    ...(problem.batchSize > train ? [{ path: 'spec.problem.batchSize', rule: `must be <= ${train}, the number of training examples`, got: problem.batchSize }] : []),
    ...arms.flatMap(({ at, training, problem: { network } }) => {
      try {
        outputShapes(architectureOf(network, described))
        return []
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        const path = training.network === undefined ? 'spec.problem.network' : `${at}.network`
        return [{ path, rule: `must fit inputs of shape [${inputShape}]: ${error.detail}`, got: network.type }]
      }
    })
  ]
}

function limit (path: string, value: number | undefined, max: number, what: string): Violation[] {
  return value === undefined || value <= max ? [] : [{ path, rule: `must be <= ${max}, the ${what} examples of the data set`, got: value }]
}
