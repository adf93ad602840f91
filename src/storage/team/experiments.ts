/** A team's experiments with their trials: created, listed, renamed, removed. What runs them: src/jobs. */
import type { Needs, Report, TrialDefinition } from '../../algorithms/contract.js'
import type { Failure } from '../../errors.js'
import type { Database } from '../database.js'
import type { Page, PageQuery } from './page.js'

export interface NewExperiment {
  kind: string
  kindVersion: string
  name: string
  notes?: string
  tags?: string[]
  priority?: number
  maxSeconds?: number | undefined
  preset?: string | undefined
  /** with every default filled in and data fixed to {datasetId} */
  spec: unknown
  createdBy: string
  datasetIds: string[]
  /** in the order of the plan */
  trials: { definition: TrialDefinition, needs: Needs }[]
}

export interface ExperimentChanges { name?: string, notes?: string, tags?: string[], priority?: number }

export interface ExperimentQuery extends PageQuery { kind?: string, state?: string, tag?: string }

export interface ExperimentResource {
  id: string
  kind: string
  kindVersion: string
  name: string
  notes: string
  tags: string[]
  priority: number
  maxSeconds: number | null
  preset: string | null
  spec: Record<string, unknown>
  state: string
  failure: Failure | null
  progress: { done: number, of: number, etaSeconds: number | null }
  trials: { id: string, arm: string, seed: number, state: string }[]
  createdBy: string
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
  version: number
}

export interface TeamExperiments {
  /** Stores an experiment, its trials and its first event, and wakes the nodes: all or nothing. */
  create (experiment: NewExperiment): Promise<ExperimentResource>
  /** Gets one with its trials. @throws AppError not_found */
  get (id: string): Promise<ExperimentResource>
  /** Says only what a follower needs: cheap enough for every request. @throws AppError not_found */
  brief (id: string): Promise<{ id: string, kind: string, name: string, state: string }>
  /** Lists them, newest first. @throws AppError invalid_cursor */
  list (query?: ExperimentQuery): Promise<Page<ExperimentResource>>
  /** Changes what may change. @param version the one that was read; undefined overwrites @throws AppError not_found, stale */
  update (id: string, changes: ExperimentChanges, version?: number): Promise<ExperimentResource>
  /** Deletes a finished experiment with all it made. @throws AppError not_found, conflict while it is not finished */
  remove (id: string): Promise<void>
  /** Gets the report. @throws AppError not_found, not_finished */
  report (id: string): Promise<Report>
}

/** Gives the experiments of one team. */
export function teamExperiments (db: Database, teamId: string): TeamExperiments {
  throw new Error(`not yet ${typeof db} ${teamId}`)
}
