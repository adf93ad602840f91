/** What is stored with a trained initialiser, so that its operations can go on from it: JSON. */
import type { FamilySpec } from '../families/spec.js'
import type { SolverSpec } from '../solver-spec.js'
import type { InitialiserOf } from './spec.js'

export interface Details {
  family: FamilySpec
  solver: SolverSpec
  initialiser: InitialiserOf<'arg-init'> | InitialiserOf<'val-init'>
  /** of val-init: where the codes of stored starts lie, beyond which its network has seen nothing */
  seen?: Box
}

/** An interval for every number of a code. */
export interface Box { low: number[], high: number[] }
