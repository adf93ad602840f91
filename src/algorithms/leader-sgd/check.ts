/** What a spec that fits its schema still gets wrong, alone or with the data set it names. Pure. */
import type { DatasetDescription } from '../../datasets/dataset.js'
import { sayField } from '../../datasets/description.js'
import { AppError, type Violation } from '../../errors.js'
import { outputShapes } from '../../tensor/architecture.js'
import type { InputDescriptions } from '../contract.js'
import { architectureOf } from '../kit/network.js'
import { aloneMethods, armsOf, asyncMethods, type Arm } from './arms.js'
import { checkClaims } from './check-claims.js'
import { countsOf, describe } from './data.js'
import type { MethodOf } from './methods/spec.js'
import type { ProblemOf } from './problems/spec.js'
import type { LeaderSpec } from './spec.js'

/** An arm, and where the spec has its method. */
interface Placed extends Arm { at: string }

/** Lists the broken rules. */
export function check (spec: LeaderSpec, { data: { data } }: InputDescriptions): Violation[] {
  const arms = armsOf(spec).map((arm, i) => ({ ...arm, at: `spec.methods[${i}]` }))
  return [
    ...checkNames(arms),
    ...arms.flatMap(arm => checkArm(spec, arm)),
    ...checkProblem(spec, arms),
    ...checkClaims(spec, arms),
    ...(data === undefined || spec.problem.type !== 'network' ? [] : checkData(spec.problem, arms, data))
  ]
}

function checkNames (arms: Placed[]): Violation[] {
  return arms.flatMap(({ name, at }, i) => arms.findIndex(other => other.name === name) === i
    ? []
    : [{ path: `${at}.name`, rule: 'must be its own: another arm has this name, or this type and no name', got: name }])
}

/** What a method asks of itself and of the spec around it. */
function checkArm (spec: LeaderSpec, arm: Placed): Violation[] {
  const { method, at, momentum } = arm
  const violations = checkMode(spec, arm)
  if (method.type === 'sgd' && (method.workers ?? 1) !== 1) {
    violations.push({ path: `${at}.workers`, rule: 'must be 1 or left out for sgd, which is one worker', got: method.workers })
  }
  if (method.type === 'lsgd') violations.push(...checkLeaders(spec, arm, method))
  if (method.type === 'downpour' && method.fetch % method.push !== 0) {
    violations.push({ path: `${at}.fetch`, rule: `must be a multiple of ${method.push}, its push`, got: method.fetch })
  }
  if (method.type === 'eamsgd' && momentum > 0) {
    violations.push({ path: `${at}.momentum`, rule: 'must be 0 for eamsgd, whose momentum is delta', got: momentum })
  }
  if (method.type === 'lars' && spec.problem.type !== 'network') {
    violations.push({ path: `${at}.type`, rule: 'must be another for a problem that is no network: lars has a rate for every layer', got: 'lars' })
  }
  return violations
}

function checkMode ({ mode: common }: LeaderSpec, { method: { type, mode }, at }: Placed): Violation[] {
  if ((mode ?? common) === 'sync' || asyncMethods.includes(type) || (mode === undefined && aloneMethods.includes(type))) return []
  return [{ path: mode === undefined ? 'spec.mode' : `${at}.mode`, rule: `must be sync for ${type}, whose workers meet; async is for ${asyncMethods.join(', ')}`, got: 'async' }]
}

function checkLeaders ({ problem }: LeaderSpec, { at, workers }: Placed, method: MethodOf<'lsgd'>): Violation[] {
  const { groups, tau, tauG, leader } = method
  return [
    ...(workers % groups === 0 ? [] : [{ path: `${at}.groups`, rule: `must divide ${workers}, the number of workers`, got: groups }]),
    ...(groups === 1 || tauG % tau === 0 ? [] : [{ path: `${at}.tauG`, rule: `must be a multiple of ${tau}, its tau`, got: tauG }]),
    ...(leader.type !== 'held-out' || problem.type === 'network'
      ? []
      : [{ path: `${at}.leader.type`, rule: 'must be window or exact for a problem that is no network: it has no examples', got: 'held-out' }])
  ]
}

function checkProblem ({ problem, execution }: LeaderSpec, arms: Placed[]): Violation[] {
  switch (problem.type) {
    case 'sinc': return checkStarts(problem, execution, arms)
    case 'matrix-completion': return checkRank(problem)
    case 'network': return execution.type === 'simulated' || problem.slots === 'auto'
      ? []
      : [{ path: 'spec.problem.slots', rule: 'must be auto or left out for parallel: every thread of the crew takes one', got: problem.slots }]
    default: return []
  }
}

/** What a step may multiply: a trial has boundaries between steps alone, one a second at least. */
const maxProducts = 4e7

function checkRank ({ size, rank }: ProblemOf<'matrix-completion'>): Violation[] {
  const most = Math.min(size, Math.floor(maxProducts / size ** 2))
  return rank <= most ? [] : [{ path: 'spec.problem.rank', rule: `must be <= ${most} for matrices of size ${size}`, got: rank }]
}

function checkStarts ({ starts }: ProblemOf<'sinc'>, execution: LeaderSpec['execution'], arms: Placed[]): Violation[] {
  if (starts.type === 'random') {
    const isPlain = execution.type === 'simulated' && arms.every(({ mode }) => mode === 'sync')
    return starts.repeats === 1 || isPlain
      ? []
      : [{ path: 'spec.problem.starts.repeats', rule: 'must be 1 but for simulated and sync: times of many trainings say nothing', got: starts.repeats }]
  }
  const other = arms.find(({ method, workers }) => method.type !== 'sgd' && workers !== starts.points.length)
  return other === undefined
    ? []
    : [{ path: 'spec.problem.starts.points', rule: `must have ${other.workers} places, one for each worker of ${other.name}`, got: starts.points.length }]
}

/** @param data of the network */
function checkData (problem: ProblemOf<'network'>, arms: Placed[], data: DatasetDescription): Violation[] {
  const described = describe(data)
  const { inputs, target, trainCount, testCount } = described
  const violations: Violation[] = []
  const limit = (path: string, value: number | undefined, max: number, what: string) => {
    if (value !== undefined && value > max) violations.push({ path, rule: `must be <= ${max}, the ${what} examples of the data set`, got: value })
  }
  limit('spec.problem.trainExamples', problem.trainExamples, trainCount, 'training')
  limit('spec.problem.testExamples', problem.testExamples, testCount, 'test')
  if (testCount < 1) violations.push({ path: 'spec.problem.data', rule: 'must have test examples', got: testCount })
  if (target.type === 'classes' && target.names.length < 2) {
    violations.push({ path: 'spec.problem.data', rule: 'must have at least 2 classes', got: target.names.length })
  }
  if (problem.augmentation !== undefined && inputs.type !== 'image') {
    violations.push({ path: 'spec.problem.augmentation', rule: 'must be left out: it moves pictures', got: sayField(inputs) })
  }
  try {
    outputShapes(architectureOf(problem.network, described))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const rule = `must fit inputs of shape [${inputs.shape}]: ${error.detail}`
    violations.push({ path: 'spec.problem.network', rule, got: problem.network.type })
  }
  return [...violations, ...arms.flatMap(arm => checkShare(problem, arm, described))]
}

/** Every worker must have a whole batch of its own. */
function checkShare (problem: ProblemOf<'network'>, { method, at, name, workers }: Placed, described: ReturnType<typeof describe>): Violation[] {
  const { train, heldOut } = countsOf(problem, method, described)
  if (train < 1) {
    return [{ path: `${at}.leader.examples`, rule: `must be < ${train + heldOut}, the number of training examples`, got: heldOut }]
  }
  const share = problem.share === 'sharded' ? Math.floor(train / workers) : train
  if (problem.batchSize <= share) return []
  return [{ path: 'spec.problem.batchSize', rule: `must be <= ${share}, the training examples of a worker of ${name}`, got: problem.batchSize }]
}
