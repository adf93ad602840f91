/** The kinds of experiments that there are. A new one is its folder and one line here. */
import { AppError } from '../errors.js'
import type { Operation } from '../influence/operation.js'
import { admSegmentation } from './adm-segmentation/index.js'
import { adversarialBias } from './adversarial-bias/index.js'
import type { Algorithm } from './contract.js'
import { collectFollowUps } from './follow-ups.js'
import { frequencyPrinciple } from './frequency-principle/index.js'
import { leaderSgd } from './leader-sgd/index.js'
import { learnedInitialization } from './learned-initialization/index.js'
import { collectOperations, pickOperation } from './operations.js'
import { tracin } from './tracin/index.js'
import { tracinApproximation } from './tracin-approximation/index.js'

const known: Algorithm[] = [
  tracin,
  frequencyPrinciple,
  tracinApproximation,
  leaderSgd,
  adversarialBias,
  learnedInitialization,
  admSegmentation
]

/** Every kind, in the order in which lists show them. */
export const algorithms: readonly Algorithm[] = known

/**
 * Adds a kind that lives elsewhere. A module that does so must be preloaded (NODE_OPTIONS=--import=…), so that the API,
 * the executors and their threads all know it.
 * @throws Error when there is a kind of this name, or one of its operations or follow-ups has a name that is taken
 */
export function addAlgorithm (algorithm: Algorithm): void {
  if (known.some(({ kind }) => kind === algorithm.kind)) throw new Error(`A kind must have a name of its own, got ${algorithm.kind} twice`)
  collectOperations([...known, algorithm])
  collectFollowUps([...known, algorithm])
  known.push(algorithm)
}

/**
 * Finds a kind by its id.
 * @throws unknown_kind
 */
export function findAlgorithm (kind: string): Algorithm {
  const algorithm = algorithms.find(candidate => candidate.kind === kind)
  if (algorithm) return algorithm
  const known = algorithms.map(candidate => candidate.kind).join(', ')
  throw new AppError('unknown_kind', `kind must be one of ${known}, got ${JSON.stringify(kind)}`)
}

/**
 * Finds what a model can be asked, by the kind that trained it.
 * @throws unknown_operation
 */
export function findOperation (kind: string, name: string): Operation {
  return pickOperation(kind, algorithms.find(candidate => candidate.kind === kind), name)
}
