/**
 * 10,000 PNGs in a zip, a folder for each class: ours from the upload's file to the data set's, beside Pillow with
 * zipfile and NumPy, which only puts them into an array. Both read the same file and must find the same pixels.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { encode } from 'fast-png'
import { decodeDataset } from '../../src/datasets/dataset-file.js'
import { createDatasetPool, type DatasetPool } from '../../src/datasets/dataset-pool.js'
import { openStream } from '../../src/math/random.js'
import { projectRoot } from '../../src/paths.js'
import { zip } from '../../test/datasets/zips.js'
import { summarise, type Case } from '../record.js'
import { openSide } from '../side.js'

const COUNT = 10_000
const CLASSES = 10
const REPETITIONS = 3
const sizes = [{ name: '28 x 28 grey', side: 28, channels: 1 }, { name: '64 x 64 colour', side: 64, channels: 3 }]
const limits = { maxUnpackedBytes: 2 ** 31, maxRows: 1e6, maxCells: 1e9, maxClasses: 1000 }

interface Run { ms: number, sum: number, count: number }

/** Measures both sides in turns. @param python that has Pillow and NumPy; null: there is none */
export async function measurePictures (python: string | null): Promise<{ cases: Case[], versions: Record<string, string> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ingest-pictures-'))
  const peer = python === null ? undefined : await openSide<{ path: string }, Run>(python, [path.join(projectRoot, 'bench/ingest/pictures.py')], {})
  const pool = createDatasetPool({ folder, limits })
  try {
    const cases: Case[] = []
    for (const size of sizes) {
      const file = path.join(folder, `${size.side}.zip`)
      await writeFile(file, makeArchive(size))
      const runs = { ours: [] as number[], peer: [] as number[] }
      for (let i = -1; i < REPETITIONS; i++) { // once before, so that everything is compiled and in the caches
        const [ours, theirs] = [await readOurs(file, pool), await peer?.ask({ path: file })]
        if (theirs !== undefined && (theirs.sum !== ours.sum || theirs.count !== ours.count)) {
          throw new Error(`Both sides must read the same pixels, got the sums ${ours.sum} and ${theirs.sum}`)
        }
        if (i < 0) continue
        runs.ours.push(ours.ms)
        if (theirs !== undefined) runs.peer.push(theirs.ms)
      }
      cases.push({
        name: `pictures: ${COUNT} PNGs of ${size.name}`,
        unit: 'ms',
        better: 'lower',
        ours: summarise(runs.ours),
        peer: peer === undefined ? null : { ...summarise(runs.peer), name: 'Pillow' },
        aim: peer === undefined ? null : 1
      })
    }
    return { cases, versions: peer?.hello ?? {} }
  } finally {
    peer?.close()
    await pool.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function readOurs (file: string, pool: DatasetPool): Promise<Run> {
  const begin = performance.now()
  const job = { type: 'upload' as const, format: 'pictures', files: { train: { path: file, name: 'pictures.zip' } }, options: {} }
  return await pool.prepare(job, { team: 'bench' }, async prepared => {
    const ms = performance.now() - begin
    const { train, test } = decodeDataset({ id: 'x', ...prepared.description }, new Uint8Array(await readFile(prepared.file)))
    const sum = [train, test].reduce((total, { arrays }) => (arrays.inputs as Uint8Array).reduce((a, b) => a + b, total), 0)
    return { ms, sum, count: train.count + test.count }
  })
}

/** Smooth noise: as hard to pack as a photograph, and no two alike. */
function makeArchive ({ side, channels }: { side: number, channels: number }): Buffer {
  const random = openStream(1, 'pictures')
  // drawn once: a hundred million of them take a minute
  const noise = Float64Array.from({ length: 65_521 }, () => 8 * random.uniform())
  return zip(Array.from({ length: COUNT }, (_, i) => {
    const slopes = Array.from({ length: 2 * channels }, () => random.uniform() * 6 - 3)
    const data = Uint8Array.from({ length: side * side * channels }, (_, at) => {
      const [pixel, channel] = [Math.floor(at / channels), at % channels]
      const plane = slopes[2 * channel]! * (pixel % side) + slopes[2 * channel + 1]! * Math.floor(pixel / side)
      return 128 + plane + noise[(i * 7919 + at) % noise.length]!
    })
    return { name: `${i % CLASSES}/${String(i).padStart(5, '0')}.png`, data: encode({ width: side, height: side, channels, depth: 8, data }) }
  }))
}
