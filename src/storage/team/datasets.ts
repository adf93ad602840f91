/** A team's data sets: rows that name immutable blobs. The examples themselves: src/storage/datasets. */
import type { ClientBase } from 'pg'
import { v7 as newId } from 'uuid'
import { AppError } from '../../errors.js'
import type { StoredBlob } from '../blobs.js'
import { withTransaction, type Database } from '../database.js'
import type { DatasetShape } from '../datasets/format.js'
import type { Dataset, Prisma } from '../generated/client.js'
import { checkStorageQuota } from '../teams.js'
import { checkId, notFound, readPage, type Page, type PageQuery } from './page.js'

export type DatasetResource = ReturnType<typeof toDataset>

export interface NewDataset {
  name: string
  /** {upload: {...}} or {generator: {...}} */
  source: unknown
  /** hashSource() of it */
  sourceHash: string
  description: DatasetShape
  blob: StoredBlob
}

export interface TeamDatasets {
  /** Stores a data set, or gives the one that the team already has from this source. @throws AppError quota_exceeded */
  create (dataset: NewDataset): Promise<DatasetResource>
  /** Asks whether a data set of so many bytes could be stored, before its bytes are. @throws AppError quota_exceeded */
  checkRoom (sizeBytes: number): Promise<void>
  /** Finds the team's data set of a source. */
  findBySource (sourceHash: string): Promise<DatasetResource | undefined>
  /** Gets one. @throws AppError not_found */
  get (id: string): Promise<DatasetResource>
  /** Lists them, newest first. @throws AppError invalid_cursor */
  list (query?: PageQuery): Promise<Page<DatasetResource>>
  /** Says what is needed to read the examples. @throws AppError not_found */
  open (id: string): Promise<OpenedDataset>
  /** Deletes one; the sweep frees its bytes. @throws AppError not_found, in_use with the users */
  remove (id: string): Promise<void>
}

/** What decodeDataset and readExample need. */
export interface OpenedDataset { description: DatasetShape & { id: string }, blobSha: string }

/** Gives the data sets of one team. */
export function teamDatasets ({ prisma, pool }: Database, teamId: string): TeamDatasets {
  async function find (id: string): Promise<Dataset> {
    const row = await prisma.dataset.findFirst({ where: { id: checkId('data set', id), teamId } })
    if (!row) throw notFound('data set', id)
    return row
  }

  async function findBySource (sourceHash: string): Promise<DatasetResource | undefined> {
    const row = await prisma.dataset.findUnique({ where: { teamId_sourceHash: { teamId, sourceHash } } })
    return row ? toDataset(row) : undefined
  }

  async function create (dataset: NewDataset): Promise<DatasetResource> {
    const known = await findBySource(dataset.sourceHash)
    if (known) return known
    await checkRoom(dataset.blob.sizeBytes)
    const { name, source, sourceHash, description, blob } = dataset
    await prisma.dataset.createMany({
      data: {
        id: newId(),
        teamId,
        name,
        source: source as Prisma.InputJsonValue,
        sourceHash,
        blobSha: blob.sha256,
        sizeBytes: blob.sizeBytes,
        ...description
      },
      skipDuplicates: true // somebody was faster: theirs is the same data set
    })
    const created = await findBySource(sourceHash)
    if (!created) throw notFound('data set', name)
    return created
  }

  async function list (query: PageQuery = {}): Promise<Page<DatasetResource>> {
    return readPage(query, (below, take) =>
      prisma.dataset.findMany({ where: { teamId, ...below }, orderBy: { id: 'desc' }, take }), toDataset)
  }

  async function open (id: string): Promise<OpenedDataset> {
    const row = await find(id)
    const { inputShape, classes, labelNames, trainCount, testCount, blobSha } = row
    const dtype = row.dtype as DatasetShape['dtype']
    return { description: { id: row.id, inputShape, dtype, classes, labelNames, trainCount, testCount }, blobSha }
  }

  async function remove (id: string): Promise<void> {
    await withTransaction(pool, client => deleteDataset(client, teamId, checkId('data set', id)))
  }

  const checkRoom = (sizeBytes: number): Promise<void> => checkStorageQuota({ prisma, pool }, teamId, sizeBytes)

  return { create, checkRoom, findBySource, get: async id => toDataset(await find(id)), list, open, remove }
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

function toDataset (row: Dataset) {
  return {
    id: row.id,
    name: row.name,
    source: row.source as Record<string, unknown>,
    inputShape: row.inputShape,
    dtype: row.dtype as DatasetShape['dtype'],
    classes: row.classes,
    labelNames: row.labelNames,
    trainCount: row.trainCount,
    testCount: row.testCount,
    sizeBytes: Number(row.sizeBytes),
    sha256: row.blobSha,
    createdAt: row.createdAt.toISOString()
  }
}
