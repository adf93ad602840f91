/**
 * Which parameters an influence compares, and what it refuses by name rather than leave out. Every layer and every head
 * says it of itself. No tensor import: routes ask before anything is built.
 */
import { AppError } from '../errors.js'
import { planOf, type Architecture } from '../tensor/architecture.js'
import type { PlannedLayer } from '../tensor/wiring.js'
import { openHead } from '../tensor/heads/index.js'
import type { Layers } from './schemas.js'

/** A layer whose gradients are compared, all of its parameters. */
export interface CoveredLayer { layer: number, type: string, parameters: string[] }

/**
 * Lists the layers that an influence compares, each exactly.
 * @throws invalid_input naming the head, or the layer, that cannot be compared so
 */
export function coverageOf (architecture: Architecture, layers: Layers): CoveredLayer[] {
  const trained = planOf(architecture).filter(({ parameters }) => parameters.some(isTrainable))
  const compared = layers === 'last' ? [lastOf(architecture, trained)] : trained
  return compared.map(({ index, path, layer: { type }, kind, parameters }) => {
    if (kind.influence === undefined) refuse(`layers must leave out ${path}, which is ${type} and has no gradients of single examples`, layers)
    return { layer: index, type, parameters: parameters.filter(isTrainable).map(({ name }) => name) }
  })
}

/**
 * The factors of a dense last layer are the loss's derivatives by its outputs and its inputs, and a bias that counts as an input
 * of 1. Of any other its gradients are stored, with or without a bias.
 */
function lastOf ({ head }: Architecture, trained: PlannedLayer[]): PlannedLayer {
  const last = trained.at(-1)!
  if (openHead(head).kind.hasLastFactors && !hasBias(last)) refuse(`layers must be all where ${last.path}, the last, has no bias`, 'last')
  return last
}

/** Whether an index of the last layer holds two factors of each example's gradient; else it holds the gradients. */
export function hasLastFactors ({ head }: Architecture): boolean {
  return openHead(head).kind.hasLastFactors === true
}

/** Whether a network's gradients are outer products throughout, so that an index can hold their factors. */
export function isDense (architecture: Architecture): boolean {
  return planOf(architecture).every(planned => planned.layer.type === 'flatten' || (planned.layer.type === 'dense' && hasBias(planned)))
}

function hasBias ({ parameters }: PlannedLayer): boolean {
  return parameters.some(({ name }) => name === 'bias')
}

function isTrainable ({ role }: PlannedLayer['parameters'][number]): boolean {
  return role === 'trainable'
}

function refuse (rule: string, got: Layers): never {
  throw new AppError('invalid_input', `${rule}, got ${got}`, { errors: [{ path: 'layers', rule: rule.replace(/^layers /, ''), got }] })
}
