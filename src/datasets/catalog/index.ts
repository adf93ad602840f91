/**
 * Well-known data sets by name. Their files come from the places that publish them, or from a mirror, are compared with
 * their SHA-256 and kept in the cache folder for the next time. What makes a data set of them: read.ts, in a thread.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { downloadBounds, downloadFile, type DownloadBounds } from './download.js'
import { catalogEntries } from './entries.js'
import type { CatalogEntry, CatalogFile, CatalogJob } from './entry.js'

export interface CatalogOptions {
  /** where files are kept: a folder for each entry */
  folder: string
  /** asked instead of the places that publish the files: MIRROR/entry/file */
  mirror?: string | undefined
  entries?: readonly CatalogEntry[]
  bounds?: DownloadBounds
}

export interface Catalog {
  entries: readonly CatalogEntry[]
  /** @throws Error when there is none of that name, which the schema of a request rules out */
  find (id: string): CatalogEntry
  /** What makes a data set of an entry, once its files are there. */
  toJob (id: string): CatalogJob
  /**
   * Sees to it that the files of an entry are there; who comes while they are on their way waits for them.
   * @throws AppError download_failed
   */
  download (entry: CatalogEntry): Promise<void>
  /** Bytes of an entry that are there, those too that this process is receiving. */
  countBytes (entry: CatalogEntry): Promise<number>
}

/** Opens the catalog; nothing is downloaded before it is asked for. */
export function createCatalog ({ folder, mirror, entries = catalogEntries, bounds = downloadBounds }: CatalogOptions): Catalog {
  const underWay = new Map<string, { done: Promise<void>, received: number }>()

  const targetOf = (entry: CatalogEntry, file: CatalogFile): string => path.join(folder, entry.id, file.name)

  function find (id: string): CatalogEntry {
    const entry = entries.find(entry => entry.id === id)
    if (entry === undefined) throw new Error(`The catalog must have ${JSON.stringify(id)}`)
    return entry
  }

  function toJob (id: string): CatalogJob {
    const entry = find(id)
    const files = Object.entries(entry.files).map(([role, file]) => [role, { path: targetOf(entry, file), name: file.name }])
    return { type: 'catalog', entry, files: Object.fromEntries(files) }
  }

  async function download (entry: CatalogEntry): Promise<void> {
    for (const file of Object.values(entry.files)) await bring(file, targetOf(entry, file), atMirror(entry, file))
  }

  async function bring (file: CatalogFile, target: string, places: string[]): Promise<void> {
    const running = underWay.get(target)
    if (running !== undefined) return await running.done
    const begun = { done: Promise.resolve(), received: 0 }
    underWay.set(target, begun)
    begun.done = bringNew().finally(() => { underWay.delete(target) })
    await begun.done

    async function bringNew (): Promise<void> {
      if (await isWhole(target, file)) return
      await downloadFile({ ...file, places }, target, bounds, bytes => { begun.received = bytes })
    }
  }

  function atMirror (entry: CatalogEntry, file: CatalogFile): string[] {
    return mirror === undefined ? file.places : [`${mirror.replace(/\/+$/, '')}/${entry.id}/${file.name}`]
  }

  async function countBytes (entry: CatalogEntry): Promise<number> {
    const counts = Object.values(entry.files).map(async file => {
      const target = targetOf(entry, file)
      return underWay.get(target)?.received || await sizeOf(target)
    })
    return (await Promise.all(counts)).reduce((sum, bytes) => sum + bytes, 0)
  }

  return { entries, find, toJob, download, countBytes }
}

/** Whether a file that was kept is what it was: the cache is everybody's, and disks fail. */
async function isWhole (target: string, { sizeBytes, sha256 }: CatalogFile): Promise<boolean> {
  if (await sizeOf(target) !== sizeBytes) return false
  const hash = createHash('sha256')
  for await (const piece of createReadStream(target, { highWaterMark: 1024 * 1024 })) hash.update(piece)
  return hash.digest('hex') === sha256
}

async function sizeOf (file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0
}
