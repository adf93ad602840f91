/** Files as people upload them, whole and broken, and what they become. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { TestContext } from 'node:test'
import type { UploadedFile, UploadLimits } from '../../src/datasets/limits.js'
import { prepareDataset, type DatasetJob } from '../../src/datasets/prepare.js'
import { makeFolder } from '../storage/fixtures.js'

/** Writes an upload's file. */
export async function upload (t: TestContext, name: string, content: string | Uint8Array): Promise<UploadedFile> {
  const file = path.join(await makeFolder(t), 'part')
  await writeFile(file, content)
  return { path: file, name }
}

/** Bounds that no small file passes. */
export const wideLimits: UploadLimits = { maxUnpackedBytes: 2 ** 31, maxRows: 1e7, maxCells: 1e8, maxClasses: 1000 }

/** Prepares a data set in this thread. @returns the bytes of its file, and what they hold */
export async function prepare (t: TestContext, job: DatasetJob, limits: Partial<UploadLimits> = {}) {
  const task = { job, folder: await makeFolder(t), limits: { ...wideLimits, ...limits } }
  const { file, sha256, sizeBytes, description, report } = await prepareDataset(task)
  const bytes = new Uint8Array(await readFile(file))
  assert.deepEqual([sizeBytes, sha256], [bytes.length, createHash('sha256').update(bytes).digest('hex')])
  return { bytes, description, report }
}

/** For tests with pipes. */
export const needsPipes = process.platform === 'win32' ? { skip: 'named pipes are files on POSIX systems only' } : {}

/**
 * Makes a file that keeps whoever reads it busy for as long as the test wants; open it before what reads it, so that it
 * ends before that is closed. It can be read once only, so it is no table.
 * @returns opened: somebody reads it; finish: writes its content and lets it end
 */
export async function openPipe (t: TestContext) {
  const file = path.join(await makeFolder(t), 'pipe')
  execFileSync('mkfifo', [file])
  const writer = spawn('sh', ['-c', 'exec > "$0" && echo open >&2 && exec cat', file], { stdio: ['pipe', 'ignore', 'pipe'] })
  t.after(() => { writer.kill('SIGKILL') })
  writer.stdin.on('error', () => {}) // whoever read it has gone
  return { file: { path: file, name: 'pipe' }, opened: once(writer.stderr, 'data'), finish: (content: string | Buffer) => { writer.stdin.end(content) } }
}

/** An IDX file of bytes. @param data by default 0, 1, 2, ... */
export function idx (shape: number[], data?: number[], type = 0x08): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.set([0, 0, type, shape.length])
  shape.forEach((size, axis) => header.writeUInt32BE(size, 4 + 4 * axis))
  const count = shape.reduce((product, size) => product * size, 1)
  return Buffer.concat([header, Uint8Array.from(data ?? Array.from({ length: count }, (_, i) => i))])
}
