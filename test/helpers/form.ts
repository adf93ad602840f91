/** Uploads as a browser or curl sends them: multipart/form-data, also with what no client should send. */
import type { LightMyRequestResponse } from 'fastify'
import type { TestApp } from './app.js'

export interface FormFile { name: string | Buffer | null, bytes: Uint8Array | string }
export type Part = string | Buffer | FormFile
/** A list where a name comes twice or is made of bytes. */
export type Parts = Record<string, Part> | [name: string | Buffer, part: Part][]

/** A file of a form; without a name when that is null. */
export function file (name: FormFile['name'], bytes: FormFile['bytes']): FormFile {
  return { name, bytes }
}

/** Writes multipart/form-data; the parts keep their order. */
export function toForm (parts: Parts): { body: Buffer, headers: Record<string, string> } {
  const boundary = 'boundary-of-the-test'
  const join = (...pieces: (string | Uint8Array)[]) => Buffer.concat(pieces.map(piece => typeof piece === 'string' ? Buffer.from(piece) : piece))
  const chunks = (Array.isArray(parts) ? parts : Object.entries(parts)).map(([name, part]) => {
    const head = join(`--${boundary}\r\ncontent-disposition: form-data; name="`, name, '"')
    if (typeof part === 'string' || Buffer.isBuffer(part)) return join(head, '\r\n\r\n', part, '\r\n')
    const called = part.name === null ? [] : ['; filename="', part.name, '"']
    return join(head, ...called, '\r\ncontent-type: application/octet-stream\r\n\r\n', part.bytes, '\r\n')
  })
  return {
    body: join(...chunks, `--${boundary}--\r\n`), headers: { 'content-type': `multipart/form-data; boundary=${boundary}` }
  }
}

/** Sends an upload. */
export async function upload (
  { call }: TestApp, parts: Parts, { headers = {}, key, query = '' }: { headers?: Record<string, string>, key?: string, query?: string } = {}
): Promise<LightMyRequestResponse> {
  const form = toForm(parts)
  return await call('POST', `/v1/datasets${query}`, { body: form.body, headers: { ...form.headers, ...headers }, ...(key ? { key } : {}) })
}
