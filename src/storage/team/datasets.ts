/** A team's data sets: rows that name immutable blobs. The examples themselves: src/datasets. */
import type { ClientBase } from 'pg'
import { v7 as newId } from 'uuid'
import { AppError } from '../../errors.js'
import type { StoredBlob } from '../blobs.js'
import { withTransaction, type Connection, type Database } from '../database.js'
import type { DatasetDescription } from '../../datasets/dataset.js'
import type { Description } from '../../datasets/description.js'
import type { DatasetReport } from '../../datasets/report.js'
import type { Dataset } from '../generated/client.js'
import { checkStorageQuota } from '../teams.js'
import { checkId, notFound, readPage, type Page, type PageQuery } from './page.js'

export type DatasetResource = ReturnType<typeof toDataset>
/** A data set as lists show it: without its report, which may have thousands of columns. */
export type DatasetSummary = ReturnType<typeof toSummary>

type SummaryRow = Pick<Dataset, 'id' | 'name' | 'blobSha' | 'createdAt'> & { source: unknown, description: unknown, sizeBytes: bigint | string }
type DatasetRow = SummaryRow & { report: unknown }
const columns = 'id, name, source, description, report, size_bytes as "sizeBytes", blob_sha as "blobSha", created_at as "createdAt"'

export interface NewDataset {
  /** made when left out */
  id?: string
  name: string
  /** {upload: {...}} or {generator: {...}} */
  source: unknown
  /** hashSource() of it */
  sourceHash: string
  description: Description
  /** what its files were taken for */
  report?: DatasetReport
  blob: StoredBlob
}

export interface TeamDatasets {
  /** Stores a data set, or gives the one that the team already has from this source. @throws AppError quota_exceeded */
  create (dataset: NewDataset, on?: Connection): Promise<DatasetResource>
  /** Asks whether a data set of so many bytes could be stored, before its bytes are. @throws AppError quota_exceeded */
  checkRoom (sizeBytes: number): Promise<void>
  /** Finds the team's data set of a source. */
  findBySource (sourceHash: string): Promise<DatasetResource | undefined>
  /** Gets one. @throws AppError not_found */
  get (id: string): Promise<DatasetResource>
  /** Lists them, newest first. @throws AppError invalid_cursor */
  list (query?: PageQuery): Promise<Page<DatasetSummary>>
  /** Says what is needed to read the examples. @throws AppError not_found */
  open (id: string): Promise<OpenedDataset>
  /** Deletes one; the sweep frees its bytes. @throws AppError not_found, in_use with the users */
  remove (id: string, on?: Connection): Promise<void>
}

/** What a data set's row says of its file. */
export interface StoredDataset {
  id: string
  teamId: string
  name: string
  /** {upload: {...}} or {generator: {...}} */
  source: unknown
  blobSha: string
}

/** What decodeDataset and readExample need, and what can be done about a file that is missing. */
export interface OpenedDataset extends StoredDataset { description: DatasetDescription }

/** Gives the data sets of one team. */
export function teamDatasets ({ prisma, pool }: Database, teamId: string): TeamDatasets {
  async function find (id: string): Promise<Dataset> {
    const row = await prisma.dataset.findFirst({ where: { id: checkId('data set', id), teamId } })
    if (!row) throw notFound('data set', id)
    return row
  }

  async function findBySource (sourceHash: string, on: Connection = pool): Promise<DatasetResource | undefined> {
    const { rows: [row] } = await on.query<DatasetRow>({
      name: 'find-dataset', text: `select ${columns} from dataset where team_id = $1 and source_hash = $2`, values: [teamId, sourceHash]
    })
    return row && toDataset(row)
  }

  async function create (dataset: NewDataset, on: Connection = pool): Promise<DatasetResource> {
    const { id = newId(), name, source, sourceHash, description, report, blob } = dataset
    return await withTransaction(on, async client => {
      const { rows: [row] } = await client.query<DatasetRow>(
        `insert into dataset (id, team_id, name, source, source_hash, description, report, blob_sha, size_bytes)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (team_id, source_hash) do nothing returning ${columns}`,
        [
          id, teamId, name, JSON.stringify(source), sourceHash, JSON.stringify(description), report && JSON.stringify(report),
          blob.sha256, blob.sizeBytes
        ])
      if (row !== undefined) {
        await checkStorageQuota({ pool }, teamId, 0, client)
        return toDataset(row)
      }
      const known = await findBySource(sourceHash, client) // somebody was faster: theirs is the same data set
      if (known === undefined) throw notFound('data set', name)
      return known
    })
  }

  async function list (query: PageQuery = {}): Promise<Page<DatasetSummary>> {
    return readPage(query, (below, take) =>
      prisma.dataset.findMany({ where: { teamId, ...below }, omit: { report: true }, orderBy: { id: 'desc' }, take }), toSummary)
  }

  async function open (id: string): Promise<OpenedDataset> {
    const { name, source, description, blobSha } = await find(id)
    return { id, teamId, name, source, description: { id, ...description as Description }, blobSha }
  }

  async function remove (id: string, on: Connection = pool): Promise<void> {
    await withTransaction(on, client => deleteDataset(client, teamId, checkId('data set', id)))
  }

  const checkRoom = (sizeBytes: number): Promise<void> => checkStorageQuota({ pool }, teamId, sizeBytes)

  async function get (id: string): Promise<DatasetResource> {
    return toDataset(await find(id))
  }

  return { create, checkRoom, findBySource: async sourceHash => await findBySource(sourceHash), get, list, open, remove }
}

async function deleteDataset (client: ClientBase, teamId: string, id: string): Promise<void> {
  // The lock keeps experiments.create from taking it meanwhile.
  const { rowCount } = await client.query('select 1 from dataset where id = $1 and team_id = $2 for update', [id, teamId])
  if (rowCount === 0) throw notFound('data set', id)
  const { rows: users } = await client.query<{ type: string, id: string, name: string }>(
    `select 'experiment' as type, id, name from experiment join experiment_dataset on experiment_id = id where dataset_id = $1
     union all select 'model', id, name from model where dataset_id = $1 order by 1, 2 desc limit 100`, [id])
  if (users.length > 0) throw new AppError('in_use', `data set ${id} is still used`, { users })
  await client.query('delete from dataset where id = $1', [id])
}

function toDataset (row: DatasetRow) {
  return { ...toSummary(row), report: row.report as DatasetReport | null }
}

function toSummary (row: SummaryRow) {
  return {
    id: row.id,
    name: row.name,
    source: row.source as Record<string, unknown>,
    ...row.description as Description,
    sizeBytes: Number(row.sizeBytes),
    sha256: row.blobSha,
    createdAt: row.createdAt.toISOString()
  }
}
