/**
 * Reads a multipart upload as a stream: files go to a temporary folder, never into memory, and their sum is bounded.
 * The folder is removed when the work on it is done, whatever its outcome, and work ends when the client has gone.
 * Which parts there are: dataset-form.ts, segment-task.ts.
 */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Multipart, MultipartFile } from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from '../schema/type.js'
import { AppError, type Violation } from '../errors.js'
import type { UploadedFile } from '../datasets/limits.js'
import { findUnstorable, violationError } from './validation.js'

/** What the text around the files may add to an upload. */
const OVERHEAD_BYTES = 256 * 1024
/** Types of hundreds of columns fit. */
const LONGEST_FIELD = 64 * 1024
const LONGEST_NAME = 200
const limits = { files: 8, fields: 50, fieldSize: LONGEST_FIELD, fieldNameSize: 100, fileSize: Infinity, parts: 60 }
/** The form's parser writes U+FFFD for bytes that are no UTF-8. */
const NO_TEXT = /[\p{Cc}\ufffd]/u

/** Which parts a form has. */
export interface Form<Fields> {
  /** names of its files */
  files: readonly string[]
  /** schemas of its text fields: arrays and objects come as JSON */
  fields: Readonly<Record<string, TSchema>>
  /** Checks all fields, and fills defaults in. @throws AppError invalid_request naming every one that is wrong */
  check (fields: Record<string, unknown>): Fields
}

export interface Upload<Fields> {
  fields: Fields
  files: Record<string, UploadedFile & { sha256: string }>
}

export interface ReceiveOptions<Fields> {
  form: Form<Fields>
  /** where temporary folders are made: beside the data, where there is room for it */
  folder: string
  maxBytes: number
  /** is told while it comes: bytes of its files, and what its fields say */
  note?: (progress: { receivedBytes?: number, name?: string, format?: string }) => void
}

/**
 * Receives an upload and works on it.
 * @param work            gets a signal that is aborted when nobody waits for the answer any more
 * @throws AppError too_large, invalid_request
 */
export async function withUpload<Fields, T> (
  request: FastifyRequest, reply: FastifyReply, options: ReceiveOptions<Fields>,
  work: (upload: Upload<Fields>, signal: AbortSignal) => Promise<T>
): Promise<T> {
  if (Number(request.headers['content-length'] ?? 0) > options.maxBytes + OVERHEAD_BYTES) throw tooLarge(options.maxBytes)
  return await whileWaitedFor(reply, async gone => {
    await mkdir(options.folder, { recursive: true })
    const temporary = await mkdtemp(path.join(options.folder, 'upload-'))
    try {
      const receiving = Promise.race([receive(request, temporary, options), untilAborted(gone)])
      return await work(await receiving.catch(error => explain(error, gone)), gone)
    } finally {
      // What became of the upload is known by now; a folder that stays goes at the next start.
      await rm(temporary, { recursive: true, force: true, maxRetries: 3 })
        .catch((error: unknown) => { request.log.warn({ err: error, folder: temporary }, 'a temporary folder could not be removed') })
    }
  })
}

/** Works with a signal that is aborted when nobody waits for the answer any more. */
export async function whileWaitedFor<T> (reply: FastifyReply, work: (gone: AbortSignal) => Promise<T>): Promise<T> {
  const gone = new AbortController()
  const leave = (): void => { if (!reply.raw.writableFinished) gone.abort() }
  reply.raw.once('close', leave)
  if (reply.raw.destroyed) leave() // before anybody listened
  try {
    return await work(gone.signal)
  } finally {
    reply.raw.off('close', leave)
  }
}

async function receive<Fields> (
  request: FastifyRequest, folder: string, { form, maxBytes, note }: ReceiveOptions<Fields>
): Promise<Upload<Fields>> {
  const fields: Record<string, unknown> = {}
  const files: Upload<Fields>['files'] = {}
  let total = 0

  async function receiveFile ({ fieldname, filename, file }: MultipartFile): Promise<void> {
    const target = path.join(folder, String(Object.keys(files).length))
    const hash = createHash('sha256')
    let size = 0
    const bounded = new Transform({
      transform (chunk: Buffer, _encoding, done) {
        total += chunk.length
        size += chunk.length
        note?.({ receivedBytes: total })
        hash.update(chunk)
        done(total > maxBytes ? tooLarge(maxBytes) : null, chunk)
      }
    })
    // Opened before the first byte: a pipeline that fails would not wait for a file that is still being made, and the
    // folder could not be removed.
    const handle = await open(target, 'wx')
    await pipeline(file, bounded, handle.createWriteStream())
    if (size === 0) throw refuse(fieldname, 'must be a file with content', `"${filename}" of 0 bytes`)
    files[fieldname] = { path: target, name: filename, sha256: hash.digest('hex') }
  }

  for await (const part of request.parts({ limits })) {
    checkPart(part, form, { fields, files })
    if (part.type === 'field') {
      fields[part.fieldname] = part.value
      if (part.fieldname === 'name' || part.fieldname === 'format') note?.({ [part.fieldname]: String(part.value).slice(0, LONGEST_NAME) })
    } else {
      await receiveFile(part)
    }
  }
  const read = Object.entries(fields).map(([name, text]) => [name, readField(form.fields[name], name, text)])
  return { fields: form.check(Object.fromEntries(read)), files }
}

/** Arrays and objects come as JSON; an array of one word may come as that word. @throws AppError invalid_request */
function readField (schema: TSchema | undefined, name: string, text: unknown): unknown {
  const type = (schema as { type?: string } | undefined)?.type
  const isJson = type === 'object' || (type === 'array' && /^\s*\[/.test(String(text)))
  if (!isJson) return text
  try {
    return JSON.parse(String(text))
  } catch (error) {
    throw refuse(name, `must be JSON of an ${type}: ${(error as Error).message}`, String(text))
  }
}

/** Refuses a part that cannot be meant, before its file is received. @throws AppError invalid_request */
function checkPart (part: Multipart, form: Pick<Form<unknown>, 'files' | 'fields'>, { fields, files }: { fields: object, files: object }): void {
  const name: string | undefined = part.fieldname // a part may lack it
  if (!name || !isText(name)) throw refuse('body', 'must name every part in UTF-8, without control characters', name ?? null)
  if (name in fields || name in files) throw refuse(name, 'must come once', 2)
  if (part.type === 'field') {
    if (part.valueTruncated) throw refuse(name, `must have at most ${LONGEST_FIELD} bytes`, 'more')
    if (form.files.includes(name)) throw refuse(name, 'must be a file', part.value)
    const unstorable = findUnstorable(part.value, name)
    if (unstorable) throw violationError('invalid_request', [unstorable])
    if (typeof part.value === 'string' && !isText(part.value)) throw refuse(name, 'must be UTF-8 text without control characters', part.value)
    return
  }
  if (Object.hasOwn(form.fields, name)) throw refuse(name, 'must be text, not a file', part.filename ?? null)
  if (!form.files.includes(name)) throw refuse(name, `is not a known file; known are ${form.files.join(', ')}`, part.filename ?? null)
  const { filename }: { filename?: string } = part
  if (!filename || filename.length > LONGEST_NAME) throw refuse(name, `must be a file with a name of 1 .. ${LONGEST_NAME} characters`, filename?.length ?? 0)
  if (!isText(filename)) throw refuse(name, 'must have a file name in UTF-8, without control characters', filename)
}

/** The parser itself would wait for ever for the rest of a form whose client has gone. @throws when it has */
function untilAborted (gone: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => { reject(new Error('closed')) }
    if (gone.aborted) end() // before anybody listened
    else gone.addEventListener('abort', end, { once: true })
  })
}

function isText (text: string): boolean {
  return !NO_TEXT.test(text) && findUnstorable(text) === undefined
}

function refuse (path: string, rule: string, got: Violation['got']): AppError {
  return violationError('invalid_request', [{ path, rule, got }])
}

/** The parser's own errors have neither a code nor a status: they mean a form that is none. */
function explain (error: Error & { code?: string }, gone: AbortSignal): never {
  if (error instanceof AppError) throw error
  if (gone.aborted) throw new AppError('invalid_request', 'the client went away', {}, { cause: error })
  if (error.code !== undefined) throw error
  throw new AppError('invalid_request', `body must be multipart/form-data: ${error.message}`, {}, { cause: error })
}

function tooLarge (maxBytes: number): AppError {
  return new AppError('too_large', `an upload must have at most ${maxBytes} bytes`)
}
