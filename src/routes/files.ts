/** Sends files of the blob store: named by their content, so cacheable for ever, and readable in parts. */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.js'
import type { BlobStore } from '../storage/blobs.js'

export interface StoredFile {
  /** what it is the file of, where it has to be said: checkpoint 0190… */
  of: string
  sha256: string
  sizeBytes: number
  mediaType: string
  /** what a browser calls it when it is saved; without one it is shown */
  fileName?: string
}

/**
 * Sends a file, or the part that Range asks for (RFC 9110, 14): 200, 206, 304 or 416. Several ranges get the whole file,
 * and so does HEAD, for which ranges mean nothing.
 * @throws AppError range_not_satisfiable, file_missing
 */
export async function sendFile (request: FastifyRequest, reply: FastifyReply, blobs: BlobStore, file: StoredFile): Promise<FastifyReply> {
  const etag = `"${file.sha256}"`
  reply.headers({
    etag, 'accept-ranges': 'bytes', 'cache-control': 'private, max-age=31536000, immutable', vary: 'authorization, cookie'
  })
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send()
  const range = request.method === 'GET' ? readRange(request, reply, etag, file.sizeBytes) : undefined
  const [start, end] = range ?? [0, file.sizeBytes - 1]
  const body = await openFile(request, blobs, file, { start, end })
  reply.type(file.mediaType).header('content-length', end - start + 1)
  if (file.fileName !== undefined) reply.header('content-disposition', `attachment; filename="${file.fileName}"`)
  if (range !== undefined) reply.code(206).header('content-range', `bytes ${start}-${end}/${file.sizeBytes}`)
  return await reply.send(body)
}

async function openFile (
  request: FastifyRequest, blobs: BlobStore, { of, sha256, sizeBytes }: StoredFile, range: { start: number, end: number }
): Promise<Readable> {
  const isEmpty = request.method === 'HEAD' || sizeBytes === 0
  try {
    const stream = await blobs.stream(sha256, isEmpty ? {} : range)
    if (!isEmpty) return stream
    stream.destroy()
    return Readable.from([])
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'file_missing') throw error
    throw new AppError('file_missing', `the file of ${of}: ${error.detail}`, {}, { cause: error })
  }
}

function matches (header: string | undefined, etag: string): boolean {
  return header !== undefined && (header.trim() === '*' || header.split(',').some(one => one.trim().replace(/^W\//, '') === etag))
}

/** Positions of the first and last byte; undefined for the whole file. */
function readRange (request: FastifyRequest, reply: FastifyReply, etag: string, size: number): [number, number] | undefined {
  const ifRange = request.headers['if-range']
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '')
  if (match === null || (match[1] === '' && match[2] === '') || (ifRange !== undefined && ifRange !== etag)) return undefined
  const [first, last] = match[1] === ''
    ? [Math.max(0, size - Number(match[2])), size - 1]
    : [Number(match[1]), match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1)]
  if (first < size && first <= last) return [first, last]
  if (first < size && match[2] !== '' && Number(match[2]) < first) return undefined // not a valid range: ignored, says the RFC
  reply.header('content-range', `bytes */${size}`)
  throw new AppError('range_not_satisfiable', `Range must begin before byte ${size}, got ${JSON.stringify(request.headers.range)}`)
}
