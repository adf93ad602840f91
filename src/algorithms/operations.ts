/**
 * What can be asked of stored models: what every network has (src/influence/operations.ts), and what the kind that
 * trained it adds. A name is one operation wherever it is heard: a route is made of it. Which kinds there are: registry.ts.
 */
import { AppError } from '../errors.js'
import type { Operation } from '../influence/operation.js'
import { operations as common } from '../influence/operations.js'
import type { Algorithm } from './contract.js'

export type Operations = Readonly<Record<string, Operation>>

type Asked = Pick<Algorithm, 'kind' | 'operations'>

/** It stands in a URL. */
const namePattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** What models of a kind can be asked; of one that this version does not know, what every network has. */
export function operationsOf (algorithm: Asked | undefined): Operations {
  return { ...common, ...algorithm?.operations }
}

/**
 * The operations of all kinds by name.
 * @throws Error when a name is not fit for a URL, or stands for two operations, which is a mistake of the kind
 */
export function collectOperations (algorithms: readonly Asked[]): Operations {
  const all: Record<string, Operation> = { ...common }
  for (const { kind, operations = {} } of algorithms) {
    for (const [name, operation] of Object.entries(operations)) {
      if (!namePattern.test(name)) throw new Error(`The name of an operation must be small letters and digits with - between words, got ${name} of kind ${kind}`)
      if (operation.isPaged) throw new Error(`An operation of a kind must not be paged, which needs a route of its own, got ${name} of kind ${kind}`)
      if (Object.hasOwn(all, name) && all[name] !== operation) throw new Error(`The name of an operation must be its own, got ${name} of kind ${kind}, which is another operation elsewhere`)
      all[name] = operation
    }
  }
  return all
}

/** Finds what models of a kind can be asked by its name. @throws AppError unknown_operation */
export function pickOperation (kind: string, algorithm: Asked | undefined, name: string): Operation {
  const operations = operationsOf(algorithm)
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
  if (operation !== undefined) return operation
  throw new AppError('unknown_operation', `a model of kind ${kind} must be asked one of ${Object.keys(operations).join(', ')}, got ${name}`)
}
