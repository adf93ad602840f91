/** What is to be made of a source that comes as JSON: a generator, an entry of the catalog, other data sets of the team. */
import type { Catalog } from '../datasets/catalog/index.js'
import { parentsOf, type DeriveSpec } from '../datasets/derive/spec.js'
import type { Parent } from '../datasets/derive/parent.js'
import type { DatasetJob } from '../datasets/prepare.js'
import { AppError, type Violation } from '../errors.js'
import type { TeamStore } from '../storage/team-store.js'
import type { NewSource } from './schemas/datasets.js'
import { violationError } from './validation.js'

/** Makes the job of a source. @throws AppError not_found naming every data set that the team does not have */
export async function toSourceJob ({ team, catalog }: { team: TeamStore, catalog: Catalog }, source: NewSource): Promise<DatasetJob> {
  if ('generator' in source) return { type: 'generator', spec: source.generator }
  if ('catalog' in source) return catalog.toJob(source.catalog)
  return { type: 'derive', spec: source.derive, parents: await openParents(team, source.derive) }
}

async function openParents (team: TeamStore, spec: DeriveSpec): Promise<Parent[]> {
  const wrong: Violation[] = []
  const parents: Parent[] = []
  for (const [i, id] of parentsOf(spec).entries()) {
    try {
      parents.push(await team.datasets.open(id))
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error
      const path = typeof spec.of === 'string' ? 'source.derive.of' : `source.derive.of.${i}`
      wrong.push({ path, rule: 'must be a data set of this team', got: id })
    }
  }
  if (wrong.length > 0) throw violationError('not_found', wrong)
  return parents
}
