/**
 * Reads a multipart upload as a stream: files go to a temporary folder, never into memory, and their sum is bounded.
 * The folder is removed when the work on it is done, whatever its outcome.
 */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyRequest } from 'fastify'
import { AppError, type Violation } from '../errors.js'
import type { DatasetJob, UploadedFile } from '../storage/datasets/prepare.js'
import { UploadFields, uploadFiles } from './schemas/datasets.js'
import { compileCheck, violationError } from './validation.js'

/** What the text around the files may add to an upload. */
const OVERHEAD_BYTES = 64 * 1024

export interface Upload {
  fields: UploadFields
  files: Record<string, UploadedFile & { sha256: string }>
}

/**
 * Receives an upload and works on it.
 * @param folder  where temporary folders are made: beside the data, where there is room for it
 * @throws AppError too_large, invalid_request
 */
export async function withUpload<T> (
  request: FastifyRequest, options: { folder: string, maxBytes: number }, work: (upload: Upload) => Promise<T>
): Promise<T> {
  if (Number(request.headers['content-length'] ?? 0) > options.maxBytes + OVERHEAD_BYTES) throw tooLarge(options.maxBytes)
  await mkdir(options.folder, { recursive: true })
  const temporary = await mkdtemp(path.join(options.folder, 'upload-'))
  try {
    const received = Promise.race([receive(request, temporary, options.maxBytes), untilAborted(request)])
    return await work(await received.catch((error: Error) => explain(request, error)))
  } finally {
    // What became of the upload is known by now; a folder that stays goes at the next start.
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 })
      .catch((error: unknown) => { request.log.warn({ err: error, folder: temporary }, 'a temporary folder could not be removed') })
  }
}

/** Says what is to be made of an upload. @throws AppError invalid_request when a file is missing */
export function toDatasetJob ({ fields, files }: Upload): DatasetJob {
  const known: readonly string[] = uploadFiles[fields.format]
  const violations: Violation[] = Object.keys(files).filter(name => !known.includes(name)).map(name => (
    { path: name, rule: `must be one of ${known.join(', ')} when format is ${fields.format}`, got: files[name]!.name }))
  const needed = fields.format === 'idx' ? ['trainImages', 'trainLabels'] : ['train']
  violations.push(...needed.filter(name => files[name] === undefined).map(name => ({ path: name, rule: 'is required', got: null })))
  if ((files.testImages === undefined) !== (files.testLabels === undefined)) {
    violations.push({ path: 'testImages', rule: 'must come together with testLabels', got: null })
  }
  if (violations.length > 0) throw violationError('invalid_request', violations)
  const { testFraction, testCount, splitSeed, labelColumn } = fields
  const options = {
    ...(testFraction === undefined ? {} : { testFraction }),
    ...(testCount === undefined ? {} : { testCount }),
    ...(splitSeed === undefined ? {} : { seed: splitSeed })
  }
  const { trainImages, trainLabels, testImages, testLabels, train, test } = files
  if (fields.format === 'idx') {
    const tests = testImages && testLabels ? { testImages: bare(testImages), testLabels: bare(testLabels) } : {}
    return { type: 'idx', trainImages: bare(trainImages!), trainLabels: bare(trainLabels!), ...tests, options }
  }
  const column = labelColumn === undefined ? {} : { labelColumn: /^\d+$/.test(labelColumn) ? Number(labelColumn) : labelColumn }
  return { type: 'csv', train: bare(train!), ...(test ? { test: bare(test) } : {}), options: { ...options, ...column } }
}

async function receive (request: FastifyRequest, folder: string, maxBytes: number): Promise<Upload> {
  const fields: Record<string, unknown> = {}
  const files: Upload['files'] = {}
  let total = 0
  const limits = { files: 8, fields: 20, fieldSize: 4096, fieldNameSize: 100, fileSize: Infinity, parts: 30 }
  for await (const part of request.parts({ limits })) {
    if (part.type === 'field') {
      if (part.valueTruncated) throw violationError('invalid_request', [{ path: part.fieldname, rule: 'must have at most 4096 bytes', got: null }])
      fields[part.fieldname] = part.value
      continue
    }
    const target = path.join(folder, String(Object.keys(files).length))
    const hash = createHash('sha256')
    const bounded = new Transform({
      transform (chunk: Buffer, _encoding, done) {
        total += chunk.length
        hash.update(chunk)
        done(total > maxBytes ? tooLarge(maxBytes) : null, chunk)
      }
    })
    // Opened before the first byte: a pipeline that fails would not wait for a file that is still being made, and the
    // folder could not be removed.
    const handle = await open(target, 'w')
    await pipeline(part.file, bounded, handle.createWriteStream())
    if (files[part.fieldname] !== undefined) throw violationError('invalid_request', [{ path: part.fieldname, rule: 'must come once', got: 2 }])
    files[part.fieldname] = { path: target, name: part.filename, sha256: hash.digest('hex') }
  }
  const violations = compileCheck(UploadFields, { coerce: true })(fields)
  if (violations.length > 0) throw violationError('invalid_request', violations)
  return { fields: fields as UploadFields, files }
}

/** The parser itself would wait for ever for the rest of a form whose client has gone. @throws when it has */
function untilAborted ({ raw }: FastifyRequest): Promise<never> {
  return new Promise((_resolve, reject) => {
    const look = (): void => { if (isAborted(raw)) reject(new Error('closed')) }
    raw.once('close', look)
    look() // it may have gone before anybody listened
  })
}

/** `complete` is undefined for an injected request, which has no client that could go. */
function isAborted ({ destroyed, complete }: FastifyRequest['raw']): boolean {
  return destroyed && complete === false
}

/**
 * The parser's own errors have neither a code nor a status: they mean a form that is none. Where the client went away in
 * the middle, every reader of the body fails in its own way: no fault of ours, whatever it says.
 */
function explain ({ raw }: FastifyRequest, error: Error & { code?: string }): never {
  if (isAborted(raw)) throw new AppError('invalid_request', 'the upload was aborted by the client', {}, { cause: error })
  if (error instanceof AppError || error.code !== undefined) throw error
  throw new AppError('invalid_request', `body must be multipart/form-data: ${error.message}`, {}, { cause: error })
}

function bare ({ path, name }: UploadedFile): UploadedFile {
  return { path, name }
}

function tooLarge (maxBytes: number): AppError {
  return new AppError('too_large', `an upload must have at most ${maxBytes} bytes`)
}
