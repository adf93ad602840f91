/**
 * Nuclei of the Data Science Bowl 2018 from a few strokes: what POST /v1/segment does, with the defaults, on 20 of the fluorescence
 * pictures, whose masks are known. The strokes are drawn from seeds: one through each of eight nuclei, and along four rows where
 * there is none. Called by check.ts; computes in this process.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { openStream } from '../../src/math/random.js'
import { segmentPicture } from '../../src/segmentation/pictures/task.js'
import type { Stroke } from '../../src/segmentation/spec.js'
import { decodePng, readPngHeader } from '../../src/datasets/formats/pictures/png.js'

type Aim = (name: string, value: number, is: 'at least' | 'at most', limit: number) => void

const PICTURES = 20
/** of the strokes of every picture */
const DRAWS = 3
/** of each picture */
const NUCLEI = 8
const ROWS = 4
/** pixels between the end of a stroke on a row and the next nucleus */
const MARGIN = 2

/** Segments the pictures. @param folder dsb2018; nothing is done where it is absent */
export async function checkSegments (folder: string, aim: Aim): Promise<void> {
  if (!existsSync(folder)) {
    process.stdout.write(`  skipped: dsb2018 is not at ${folder}\n`)
    return
  }
  const lines = (await readFile(path.join(folder, 'index.csv'), 'utf8')).trim().split('\n').slice(1)
  const all = lines.map(line => `${line.split(',')[0]}.png`)
  const overlaps: number[] = []
  for (let seed = 0; seed < DRAWS; seed++) {
    for (let i = 0; i < PICTURES; i++) overlaps.push(await overlapOf(folder, all[Math.floor(i * all.length / PICTURES)]!, seed))
  }
  const [mean, least] = [overlaps.reduce((sum, value) => sum + value, 0) / overlaps.length, Math.min(...overlaps)]
  process.stdout.write(`  IoU of ${PICTURES} pictures, ${DRAWS} draws of strokes: mean ${mean.toPrecision(3)}, least ${least.toPrecision(3)}\n`)
  aim('mean IoU of nuclei from a few strokes', mean, 'at least', 0.8)
}

async function overlapOf (folder: string, name: string, seed: number): Promise<number> {
  const nuclei = await readNumbers(path.join(folder, 'instances', name))
  const task = { picture: { name, path: path.join(folder, 'images', name) }, options: { strokes: drawScribbles(nuclei, seed) }, mostPixels: 2 ** 21, overlay: false }
  const { mask } = await segmentPicture(task)
  const labels = numbersOf(name, Buffer.from(mask)).data
  let [both, either] = [0, 0]
  for (const [p, label] of labels.entries()) {
    both += Number(label === 1 && nuclei.data[p]! > 0)
    either += Number(label === 1 || nuclei.data[p]! > 0)
  }
  return both / either
}

interface Numbers { height: number, width: number, data: Uint8Array }

async function readNumbers (file: string): Promise<Numbers> {
  return numbersOf(file, await readFile(file))
}

function numbersOf (name: string, bytes: Buffer): Numbers {
  const of = { file: { path: '', name }, name, bytes }
  const { height, width, samples } = decodePng(of, readPngHeader(of))
  return { height, width, data: samples as Uint8Array }
}

/**
 * Along rows, drawn from a seed: the longest run of some nuclei but for its ends; and some rows wherever they do not come near
 * a nucleus.
 */
function drawScribbles ({ height, width, data }: Numbers, seed: number): Stroke[] {
  const nuclei = openStream(seed, 'nuclei').permutation(data.reduce((most, number) => Math.max(most, number), 0))
  const rows = openStream(seed, 'rows').permutation(height)
  return [
    ...[...rows.subarray(0, ROWS)].flatMap(y => runsOf(data, 0, y, width)).filter(({ length }) => length > 4 * MARGIN)
      .map(({ x, y, length }): Stroke => ({ label: 0, width: 1, points: [[x + MARGIN, y], [x + length - 1 - MARGIN, y]] })),
    ...[...nuclei.subarray(0, NUCLEI)].map((i): Stroke => {
      const { x, y, length } = Array.from({ length: height }, (_, row) => runsOf(data, i + 1, row, width)).flat()
        .reduce((best, run) => run.length > best.length ? run : best, { x: 0, y: 0, length: 0 })
      const margin = Math.min(MARGIN, Math.floor((length - 1) / 2))
      return { label: 1, width: 1, points: [[x + margin, y], [x + length - 1 - margin, y]] }
    })
  ]
}

/** The runs of a number in a row. */
function runsOf (data: Uint8Array, number: number, y: number, width: number): { x: number, y: number, length: number }[] {
  const runs: { x: number, y: number, length: number }[] = []
  for (let x = 0, from = 0; x <= width; x++) {
    if (x < width && data[y * width + x] === number) continue
    if (x > from) runs.push({ x: from, y, length: x - from })
    from = x + 1
  }
  return runs
}
