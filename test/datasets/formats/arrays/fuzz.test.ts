/** Files that are broken at random, from a seed: each is refused as data that cannot be read, or is data; nothing else happens. */
import assert from 'node:assert/strict'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { prepareDataset } from '../../../../src/datasets/prepare.js'
import { AppError } from '../../../../src/errors.js'
import { openStream, type RandomStream } from '../../../../src/math/random.js'
import { makeFolder } from '../../../storage/fixtures.js'
import { wideLimits } from '../../files.js'
import { fixture } from './uploads.js'

const ROUNDS = 120

/** Cuts a file, or writes over, repeats or removes some of its bytes. */
function damage (content: Buffer, random: RandomStream): Buffer {
  const at = random.integer(content.length)
  const length = 1 + random.integer(Math.min(16, content.length - at))
  switch (random.integer(5)) {
    case 0: return content.subarray(0, at)
    case 1: return Buffer.concat([content.subarray(0, at), content.subarray(at + length)])
    case 2: return Buffer.concat([content.subarray(0, at + length), content.subarray(at)])
    default: {
      const changed = Buffer.from(content)
      for (let i = 0; i < length; i++) changed[at + i] = random.integer(256)
      return changed
    }
  }
}

async function attempt (t: TestContext, content: Buffer): Promise<'data' | 'refused'> {
  const around = await makeFolder(t)
  const [folder, file] = [path.join(around, 'job'), path.join(around, 'upload')]
  await mkdir(folder)
  await writeFile(file, content)
  const job = { type: 'upload', format: 'arrays', files: { train: { path: file, name: 'fuzz' } }, options: {} } as const
  try {
    await prepareDataset({ job, folder, limits: { ...wideLimits, maxUnpackedBytes: 1e6 } })
    return 'data'
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === 'invalid_dataset', `must be refused, got ${String((error as Error).stack)}`)
    return 'refused'
  } finally {
    assert.deepEqual((await readdir(around)).sort(), ['job', 'upload'])
  }
}

const whole: Record<string, Buffer> = {
  npz: fixture('classes.npz'),
  'stored npz': fixture('mixed.npz'),
  splits: fixture('splits.npz'),
  safetensors: fixture('classes.safetensors'),
  gzip: gzipSync(fixture('values.safetensors'))
}
for (const [name, content] of Object.entries(whole)) {
  test(`arrays: broken ${name} is refused as data that cannot be read`, async t => {
    const random = openStream(1, `fuzz ${name}`)
    let refused = 0
    for (let round = 0; round < ROUNDS; round++) {
      if (await attempt(t, damage(content, random)) === 'refused') refused++
    }
    assert.ok(refused > ROUNDS / 2, `most must be refused, got ${refused} of ${ROUNDS}`)
  })
}
