/**
 * Downloads one file that is known by its size and SHA-256, from the first place that gives it. It appears whole or not at
 * all: written beside its target, compared, renamed. Bytes are taken as they come: nothing unpacks what is marked as packed.
 */
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../errors.js'
import type { CatalogFile } from './entry.js'

/** How long a download may take, in milliseconds, and when it is tried again. */
export interface DownloadBounds {
  /** without a byte */
  silenceMs: number
  /** of one try, however steadily the bytes drip */
  totalMs: number
  /** waits before each further round of the places */
  delaysMs: readonly number[]
}

/** An hour is 50 KB/s for the largest file; a minute without a byte is a connection that is gone. */
export const downloadBounds: DownloadBounds = { silenceMs: 60_000, totalMs: 3_600_000, delaysMs: [1000, 5000, 20_000] }

const MAX_REDIRECTS = 5
const REDIRECTS = [301, 302, 303, 307, 308]
/** What a disk says that will not take it. */
const DISK_ERRORS = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ENOTDIR', 'EIO']

/** What a place gave instead of the file. @param isFinal whether asking it again would change nothing */
class Refusal extends Error {
  constructor (message: string, readonly isFinal: boolean) { super(message) }
}

/**
 * Downloads a file. A place that breaks off, is silent or busy is asked again; one that does not have the file, or has
 * another one, is not.
 * @param target    its folder is made if need be
 * @param onReceive is told how many bytes of a try have come
 * @throws AppError download_failed naming every place and what it gave
 */
export async function downloadFile (
  file: CatalogFile, target: string, bounds: DownloadBounds, onReceive: (bytes: number) => void
): Promise<void> {
  const left = new Map(file.places.map(place => [place, 'not asked']))
  const refused: string[] = []
  try {
    await mkdir(path.dirname(target), { recursive: true })
    await removeForgotten(path.dirname(target), bounds.totalMs)
    for (const delayMs of [0, ...bounds.delaysMs]) {
      if (left.size > 0) await wait(delayMs)
      for (const place of left.keys()) {
        try {
          await fetchFile(place, file, target, bounds, onReceive)
          return
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          left.set(place, `${place}: ${error.message}`)
          if (error.isFinal) refused.push(left.get(place)!)
          if (error.isFinal) left.delete(place)
        }
      }
    }
  } catch (error) {
    if (!DISK_ERRORS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    throw new AppError('download_failed', `${file.name} must be written to ${path.dirname(target)} (CACHE_DIR): ${(error as Error).message}`, {}, { cause: error })
  }
  throw new AppError('download_failed', `${file.name} must come from one of the catalog's places (CATALOG_MIRROR names another one), got ${[...refused, ...left.values()].join('; ')}`)
}

/** One try. @throws Refusal, and what the disk says */
async function fetchFile (
  place: string, file: CatalogFile, target: string, bounds: DownloadBounds, onReceive: (bytes: number) => void
): Promise<void> {
  const end = new AbortController()
  const tooLong = setTimeout(() => { end.abort(new Refusal(`more than ${bounds.totalMs} ms`, false)) }, bounds.totalMs)
  const silent = setTimeout(() => { end.abort(new Refusal(`no byte for ${bounds.silenceMs} ms`, false)) }, bounds.silenceMs)
  const part = `${target}.${randomUUID()}.part`
  const hash = createHash('sha256')
  let received = 0

  async function * count (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      silent.refresh()
      received += piece.length
      if (received > file.sizeBytes) throw new Refusal(`must have ${file.sizeBytes} bytes, got more`, true)
      hash.update(piece)
      onReceive(received)
      yield piece
    }
  }

  try {
    const response = await ask(place, end.signal)
    await pipeline(response, count, createWriteStream(part, { flags: 'wx', mode: 0o600 }))
    if (received < file.sizeBytes) throw new Refusal(`must have ${file.sizeBytes} bytes, got ${received}`, false)
    const sha256 = hash.digest('hex')
    if (sha256 !== file.sha256) throw new Refusal(`must have the SHA-256 ${file.sha256}, got ${sha256}`, true)
    await rename(part, target)
  } catch (error) {
    if (end.signal.aborted) throw end.signal.reason
    if (error instanceof Refusal || DISK_ERRORS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    throw new Refusal((error as Error).message, false) // of the connection
  } finally {
    end.abort()
    clearTimeout(tooLong)
    clearTimeout(silent)
    await rm(part, { force: true })
  }
}

/** Asks for a URL and for those that it is sent on to. @throws Refusal, and what the connection says */
async function ask (url: string, signal: AbortSignal, redirects = 0): Promise<IncomingMessage> {
  const { get } = url.startsWith('https:') ? https : http
  const request = get(url, { signal, headers: { 'accept-encoding': 'identity', 'user-agent': 'descent-lab' } })
  const [response] = await once(request, 'response') as [IncomingMessage]
  request.on('error', () => {}) // what happens from here on the response tells, too
  const { statusCode: status = 0, headers: { location } } = response
  if (status === 200) return response
  response.on('error', () => {}).resume()
  if (!REDIRECTS.includes(status) || location === undefined) throw new Refusal(`status ${status}`, status < 500 && status !== 408 && status !== 429)
  const next = new URL(location, url)
  if (redirects === MAX_REDIRECTS || !/^https?:$/.test(next.protocol)) throw new Refusal(`a redirect to ${next.href}`, true)
  return await ask(next.href, signal, redirects + 1)
}

/** Removes what a process left that died: no try takes longer than its bound. */
async function removeForgotten (folder: string, totalMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name)
    const { mtimeMs = Infinity } = await stat(file).catch(() => ({})) as { mtimeMs?: number }
    if (name.endsWith('.part') && mtimeMs < Date.now() - totalMs) await rm(file, { force: true })
  }
}
