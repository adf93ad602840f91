/**
 * A team's uploads that are under way, so that any API process can tell how far one is that another receives. A row lives
 * with the process that writes it: one that is silent for long is no more, whatever became of its process.
 */
import { AppError } from '../../errors.js'
import type { Database } from '../database.js'
import { checkId, notFound } from './page.js'

/** In their order. */
export const uploadStages = ['receiving', 'waiting', 'reading', 'storing'] as const
export type UploadStage = typeof uploadStages[number]

export type UploadResource = ReturnType<typeof toUpload>

/** How far an upload is. */
export interface UploadProgress {
  /** null until the form has told */
  name: string | null
  format: string | null
  stage: UploadStage
  /** of the request */
  receivedBytes: number
  /** null where the request does not say */
  totalBytes: number | null
  /** of its files, unpacked */
  readBytes: number
  /** null until reading begins */
  rows: number | null
}

export interface TeamUploads {
  /** Makes the row of an upload. @throws AppError conflict while one of that id is under way */
  begin (id: string, progress: UploadProgress): Promise<void>
  /** Says how far it is, and that it goes on. */
  tell (id: string, progress: UploadProgress): Promise<void>
  /** Removes the row. */
  end (id: string): Promise<void>
  /** Gets one that is under way. @throws AppError not_found */
  get (id: string): Promise<UploadResource>
  /** Lists those that are under way, newest first. */
  list (): Promise<UploadResource[]>
}

/** Some fifteen tellings: a process that is that late has other troubles. */
const SILENT = "interval '15 s'"
/** More than a team can have at once. */
const MAX_LISTED = 200

const columns = `id, name, format, stage, received_bytes as "receivedBytes", total_bytes as "totalBytes", read_bytes as "readBytes", rows,
  started_at as "startedAt", updated_at as "updatedAt"`

interface UploadRow {
  id: string
  name: string | null
  format: string | null
  stage: UploadStage
  receivedBytes: string
  totalBytes: string | null
  readBytes: string
  rows: string | null
  startedAt: Date
  updatedAt: Date
}

/** Gives the uploads of one team. */
export function teamUploads ({ pool }: Pick<Database, 'pool'>, teamId: string): TeamUploads {
  async function begin (id: string, progress: UploadProgress): Promise<void> {
    const { rowCount } = await pool.query(
      `insert into upload (team_id, id, name, format, stage, received_bytes, total_bytes, read_bytes, rows) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (team_id, id) do update set name = excluded.name, format = excluded.format, stage = excluded.stage, received_bytes = excluded.received_bytes,
         total_bytes = excluded.total_bytes, read_bytes = excluded.read_bytes, rows = excluded.rows, started_at = now(), updated_at = now()
       where upload.updated_at < now() - ${SILENT}`, [teamId, id, ...toValues(progress)])
    if (rowCount === 0) throw new AppError('conflict', `upload ${id} is under way`)
  }

  async function tell (id: string, progress: UploadProgress): Promise<void> {
    await pool.query({
      name: 'tell-upload',
      text: `update upload set name = $3, format = $4, stage = $5, received_bytes = $6, total_bytes = $7, read_bytes = $8, rows = $9, updated_at = now()
             where team_id = $1 and id = $2`,
      values: [teamId, id, ...toValues(progress)]
    })
  }

  async function end (id: string): Promise<void> {
    await pool.query('delete from upload where team_id = $1 and id = $2', [teamId, id])
  }

  async function get (id: string): Promise<UploadResource> {
    const { rows: [row] } = await pool.query<UploadRow>(
      `select ${columns} from upload where team_id = $1 and id = $2 and updated_at > now() - ${SILENT}`, [teamId, checkId('upload', id)])
    if (row === undefined) throw notFound('upload', id)
    return toUpload(row)
  }

  async function list (): Promise<UploadResource[]> {
    const { rows } = await pool.query<UploadRow>(
      `select ${columns} from upload where team_id = $1 and updated_at > now() - ${SILENT} order by started_at desc, id limit ${MAX_LISTED}`, [teamId])
    return rows.map(toUpload)
  }

  return { begin, tell, end, get, list }
}

function toValues ({ name, format, stage, receivedBytes, totalBytes, readBytes, rows }: UploadProgress): unknown[] {
  return [name, format, stage, receivedBytes, totalBytes, readBytes, rows]
}

function toUpload (row: UploadRow) {
  return {
    id: row.id,
    name: row.name,
    format: row.format,
    stage: row.stage,
    receivedBytes: Number(row.receivedBytes),
    totalBytes: row.totalBytes === null ? null : Number(row.totalBytes),
    readBytes: Number(row.readBytes),
    rows: row.rows === null ? null : Number(row.rows),
    startedAt: row.startedAt.toISOString(),
    updatedAt: row.updatedAt.toISOString()
  }
}
