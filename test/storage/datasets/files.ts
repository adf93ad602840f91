/** Files as people upload them, whole and broken. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { TestContext } from 'node:test'
import type { UploadedFile } from '../../../src/storage/datasets/files.js'
import { makeFolder } from '../fixtures.js'

/** Writes an upload's file. */
export async function upload (t: TestContext, name: string, content: string | Uint8Array): Promise<UploadedFile> {
  const file = path.join(await makeFolder(t), 'part')
  await writeFile(file, content)
  return { path: file, name }
}

/** An IDX file of bytes. @param data by default 0, 1, 2, ... */
export function idx (shape: number[], data?: number[], type = 0x08): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.set([0, 0, type, shape.length])
  shape.forEach((size, axis) => header.writeUInt32BE(size, 4 + 4 * axis))
  const count = shape.reduce((product, size) => product * size, 1)
  return Buffer.concat([header, Uint8Array.from(data ?? Array.from({ length: count }, (_, i) => i))])
}
