/**
 * Writes what one attempt of a trial yields, exactly once and in order. Blobs go first, then one transaction per batch:
 * fence, rows, and last the numbered events. One batch is in flight, whatever arrives meanwhile joins the next
 * (a timer of 25 ms instead gave 17 ms to a socket where this gives 3).
 *
 * A resumed trial repeats what came after its snapshot: an ordinal that is already stored is compared and skipped.
 */
import { isDeepStrictEqual } from 'node:util'
import type { ClientBase } from 'pg'
import type { CheckpointEvent } from '../algorithms/contract.js'
import { AppError } from '../errors.js'
import { advanceTrial } from '../storage/attempts.js'
import { storeBeginning, type BeginningKey } from '../storage/beginnings.js'
import type { BlobStore, StoredBlob } from '../storage/blobs.js'
import { persistently, withTransaction, type Database } from '../storage/database.js'
import { appendEvents, readRecorded, toJson, type NewEvent } from '../storage/events.js'
import { addPart, ensureIndex } from '../storage/indexes.js'
import { appendPoints, countPoints, type MetricPoint } from '../storage/metrics.js'
import type { Claimed } from '../storage/claims.js'
import { insertArtifact, insertCheckpoint, insertModel, readModelIds } from '../storage/models.js'
import { rewind } from '../storage/rewind.js'
import { replaceSnapshot } from '../storage/snapshots.js'
import type { IndexLayers } from '../storage/team/indexes.js'
import { checkStorageQuota } from '../storage/teams.js'
import type { Recordable } from './messages.js'

export interface Recorder {
  /** Takes the next item; it is written as soon as the batch before it is. */
  accept (item: Recordable): void
  /** Waits until everything accepted is written. @throws what ended the recording: see onLost */
  drain (): Promise<void>
}

export interface RecorderOptions {
  db: Database
  blobs: BlobStore
  trial: Claimed
  laneId: string
  /** ordinal from which the attempt goes on */
  fromOrdinal: number
  /** of which a snapshot is that `endsBeginning`; undefined: of none */
  beginning: BeginningKey | undefined
  /** metrics that depend on the machine's speed, outside every equality */
  timings: ReadonlySet<string>
  /** seconds that the trial has worked, all attempts together */
  secondsUsed: () => number
  onWritten: (items: number, bytes: number) => void
  /** a snapshot of so many bytes is stored */
  onSnapshot: (bytes: number) => void
  /** told of what costs nothing but space, such as a blob that could not be freed */
  onError: (error: Error) => void
  /** the lease is gone, or what a resumed run repeats is not what was recorded: the thread must stop */
  onLost: (error: Error) => void
}

interface Stored { item: Recordable, blob: StoredBlob | undefined }

/** Opens the recorder of one attempt. */
export async function openRecorder (options: RecorderOptions): Promise<Recorder> {
  const { db, blobs, trial } = options
  const recorded = await readRecorded(db.pool, trial.id, options.fromOrdinal)
  if (!trial.deterministic && recorded.size > 0) {
    await rewind(db, trial, options.fromOrdinal)
    recorded.clear()
  }
  const counts = await countPoints(db.pool, trial.id)
  const models = await readModelIds(db.pool, trial.id)
  let queue: Recordable[] = []
  let writing: Promise<void> | undefined
  let lost: Error | undefined

  function accept (item: Recordable): void {
    queue.push(item)
    writing ??= writeAll()
  }

  async function writeAll (): Promise<void> {
    await Promise.resolve() // always after accept() has set `writing`, also when nothing below waits
    while (queue.length > 0 && lost === undefined) {
      const batch = queue
      queue = []
      try {
        const fresh = batch.filter(item => !isRepeated(item))
        if (fresh.length > 0) await writeSurely(fresh)
      } catch (error) {
        lost = error as Error
        options.onLost(lost)
      }
      options.onWritten(batch.length, bytesOf(batch))
    }
    writing = undefined
  }

  /** @throws not_deterministic when the run did not repeat what is stored */
  function isRepeated (item: Recordable): boolean {
    const before = item.type === 'snapshot' ? undefined : recorded.get(item.ordinal)
    if (before === undefined) return false
    recorded.delete(item.ordinal)
    const { data } = split(item)
    if (before.type === item.type && isDeepStrictEqual(before.data, JSON.parse(toJson(data)))) return true
    throw new AppError('not_deterministic',
      `event ${item.ordinal} of the resumed run must equal the recorded one, ${toJson(before)}, got ${toJson({ type: item.type, data })}`)
  }

  /** Writes, and goes on trying while the database is away: a restart of Postgres must not cost a trial. */
  async function writeSurely (items: Recordable[]): Promise<void> {
    let isRepeat = false
    await persistently(async () => {
      if (isRepeat && await wasCommitted(items)) return
      isRepeat = true
      await write(items)
    })
  }

  /** A connection that broke during COMMIT leaves it open whether the batch is there: it is there whole or not at all. */
  async function wasCommitted (items: Recordable[]): Promise<boolean> {
    const first = items.find(item => item.type !== 'snapshot')
    if (first === undefined || !(await readRecorded(db.pool, trial.id, first.ordinal)).has(first.ordinal)) return false
    for (const [name, count] of await countPoints(db.pool, trial.id)) counts.set(name, count)
    for (const [name, id] of await readModelIds(db.pool, trial.id)) models.set(name, id)
    return true
  }

  async function write (items: Recordable[]): Promise<void> {
    const stored: Stored[] = []
    for (const item of items) stored.push({ item, blob: item.payload && await blobs.put(item.payload) })
    const counted = new Map(counts)
    const unused: string[] = []
    await withTransaction(db.pool, async client => {
      await fence(client, items)
      const events: NewEvent[] = []
      for (const one of stored) {
        if (one.item.type === 'snapshot') {
          unused.push(...await writeSnapshot(client, one))
          continue
        }
        const extra = await writeRow(client, one)
        const { ordinal, type } = one.item
        const parts = split(one.item)
        events.push({ trialId: trial.id, ordinal, type, data: parts.data, extra: join(parts.extra, extra) })
      }
      if (stored.some(({ blob }) => blob !== undefined)) await checkStorageQuota(db, trial.teamId, 0, client)
      await appendPoints(client, trial.id, pointsOf(items), counted)
      await appendEvents(client, trial.experimentId, events)
    })
    counted.forEach((count, name) => counts.set(name, count))
    await blobs.free(unused).catch(options.onError)
    for (const { item, blob } of stored) if (item.type === 'snapshot') options.onSnapshot(blob!.sizeBytes)
  }

  /** Writes a place from which the trial can go on, and others where it ends their beginning. @returns hashes of what it replaces */
  async function writeSnapshot (client: ClientBase, { item: { ordinal, data }, blob }: Stored): Promise<string[]> {
    const place = { ordinal, step: data.step as number, blob: blob! }
    const unused = await replaceSnapshot(client, trial.id, place)
    if (data.endsBeginning && options.beginning) {
      const names = [...models.keys()].join(', ')
      if (names !== '') throw new AppError('trial_error', `no model may be announced before a beginning ends, got ${names}`)
      // After what locks the team's storage: of two that end one at once, each would wait for what the other has.
      await storeBeginning(client, trial, options.beginning, place)
    }
    return unused
  }

  /** Checks that this attempt still holds the trial, and brings its row up to date on the way. */
  async function fence (client: ClientBase, items: Recordable[]): Promise<void> {
    const last = items.findLast(item => item.type === 'progress')
    await advanceTrial(client, {
      trialId: trial.id,
      attempt: trial.attempt,
      laneId: options.laneId,
      secondsUsed: options.secondsUsed(),
      done: last?.data.done as number | undefined,
      of: last?.data.of as number | undefined
    })
  }

  /** Metrics marked timing leave the part of the event that a repeated run repeats. */
  function split (item: Recordable): { data: Record<string, unknown>, extra: Record<string, unknown> | undefined } {
    if (item.type !== 'metrics' || options.timings.size === 0) return { data: item.data, extra: undefined }
    const values = Object.entries(item.data.values as Record<string, number>)
    const timing = values.filter(([name]) => options.timings.has(name))
    if (timing.length === 0) return { data: item.data, extra: undefined }
    return {
      data: { ...item.data, values: Object.fromEntries(values.filter(([name]) => !options.timings.has(name))) },
      extra: { timings: Object.fromEntries(timing) }
    }
  }

  /** Writes the row of what an event announces. @returns what the event tells about it */
  async function writeRow (client: ClientBase, { item, blob }: Stored): Promise<Record<string, unknown> | undefined> {
    switch (item.type) {
      case 'progress': case 'log': case 'metrics': case 'snapshot':
        return undefined
      case 'model': {
        const name = item.data.name as string
        const modelId = await insertModel(client, trial, { name, ...item.model! })
        models.set(name, modelId)
        return { modelId }
      }
      case 'checkpoint': {
        const modelId = modelOf(item)
        const { step, learningRate, interval, counted } = item.data as unknown as CheckpointEvent
        const checkpointId = await insertCheckpoint(client, trial, { modelId, step, learningRate, interval, counted, blob: blob! })
        return { checkpointId, modelId, sizeBytes: blob!.sizeBytes }
      }
      case 'artifact': {
        const { name, step, mediaType } = item.data as { name: string, step: number, mediaType: string }
        return { artifactId: await insertArtifact(client, trial, { name, step, mediaType, blob: blob! }) }
      }
      case 'influence': {
        const modelId = modelOf(item)
        const { layers, step } = item.data as { layers: IndexLayers, step: number }
        const indexId = await ensureIndex(client, { teamId: trial.teamId, modelId, layers })
        await addPart(client, indexId, step, blob!)
        return { modelId, indexId, sizeBytes: blob!.sizeBytes }
      }
    }
  }

  function modelOf (item: Recordable): string {
    const modelId = models.get(item.data.model as string)
    if (modelId === undefined) throw new AppError('trial_error', `a ${item.type} event names the model ${String(item.data.model)}, which was not announced`)
    return modelId
  }

  async function drain (): Promise<void> {
    while (writing !== undefined) await writing
    if (lost !== undefined) throw lost
  }

  return { accept, drain }
}

function pointsOf (items: Recordable[]): MetricPoint[] {
  return items.filter(item => item.type === 'metrics').flatMap(item =>
    Object.entries(item.data.values as Record<string, number>).map(([name, value]) => ({ name, step: item.data.step as number, value })))
}

function bytesOf (items: Recordable[]): number {
  return items.reduce((sum, item) => sum + (item.payload?.byteLength ?? 0), 0)
}

function join (left: Record<string, unknown> | undefined, right: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  return left || right ? { ...left, ...right } : undefined
}
