/** The only way to a team's rows: every member filters by the team, so that what another team owns does not exist. */
import type { Database } from './database.js'
import { teamDatasets, type TeamDatasets } from './team/datasets.js'
import { teamExperiments, type TeamExperiments } from './team/experiments.js'
import { teamIdempotency, type TeamIdempotency } from './team/idempotency.js'
import { teamIndexes, type TeamIndexes } from './team/indexes.js'
import { teamModels, type TeamModels } from './team/models.js'
import { teamQueries, type TeamQueries } from './team/queries.js'
import { teamArtifacts, teamCheckpoints, teamTrials, type TeamArtifacts, type TeamCheckpoints, type TeamTrials } from './team/trials.js'
import { teamUploads, type TeamUploads } from './team/uploads.js'

export interface TeamStore {
  teamId: string
  datasets: TeamDatasets
  uploads: TeamUploads
  experiments: TeamExperiments
  trials: TeamTrials
  checkpoints: TeamCheckpoints
  artifacts: TeamArtifacts
  models: TeamModels
  indexes: TeamIndexes
  queries: TeamQueries
  idempotency: TeamIdempotency
}

/** Gives the storage of one team; cheap enough to make for every request. */
export function forTeam (db: Database, teamId: string): TeamStore {
  return {
    teamId,
    datasets: teamDatasets(db, teamId),
    uploads: teamUploads(db, teamId),
    experiments: teamExperiments(db, teamId),
    trials: teamTrials(db, teamId),
    checkpoints: teamCheckpoints(db, teamId),
    artifacts: teamArtifacts(db, teamId),
    models: teamModels(db, teamId),
    indexes: teamIndexes(db, teamId),
    queries: teamQueries(db, teamId),
    idempotency: teamIdempotency(db, teamId)
  }
}
