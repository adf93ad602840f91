/** Uploads of arrays: files that NumPy wrote, and what they become. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { decodeDataset } from '../../../../src/datasets/dataset-file.js'
import type { UploadLimits } from '../../../../src/datasets/limits.js'
import { projectRoot } from '../../../../src/paths.js'
import { prepare, upload } from '../../files.js'

/** A file of test/fixtures/arrays. */
export function fixture (name: string): Buffer {
  return readFileSync(path.join(projectRoot, 'test', 'fixtures', 'arrays', name))
}

type Contents = Record<string, string | Buffer>

/** Prepares an upload. @param contents by role: bytes, or the name of a fixture */
export async function prepareArrays (t: TestContext, contents: Contents, options: object = {}, limits: Partial<UploadLimits> = {}) {
  const files = await Promise.all(Object.entries(contents).map(async ([role, content]) => (
    [role, typeof content === 'string' ? await upload(t, content, fixture(content)) : await upload(t, role, content)] as const)))
  return await prepare(t, { type: 'upload', format: 'arrays', files: Object.fromEntries(files), options }, limits)
}

/** The whole of one array as inputs: of both splits, so that none is cut off. */
export async function readInputs (t: TestContext, content: string | Buffer, options: object = {}) {
  const { bytes, description } = await prepareArrays(t, { trainInputs: content, testInputs: content }, options)
  const { train, fields: { inputs } } = decodeDataset({ id: 'd', ...description }, bytes)
  return { inputs, values: [...train.arrays.inputs!] }
}
