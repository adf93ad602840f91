/**
 * Nuclei of the Data Science Bowl 2018 from a few strokes: what POST /v1/segment does, with the defaults, on 20 pictures whose
 * masks are known. The strokes are drawn by rule: one through each of the five largest nuclei, and three where there is none.
 * Called by check.ts; computes in this process.
 */
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { segmentPicture } from '../../src/segmentation/pictures/task.js'
import type { Stroke } from '../../src/segmentation/spec.js'
import { decodePng, readPngHeader } from '../../src/datasets/formats/pictures/png.js'

type Aim = (name: string, value: number, is: 'at least' | 'at most', limit: number) => void

const PICTURES = 20
const NUCLEI = 5
const GROUND = 3

/** Segments the pictures. @param folder dsb2018; nothing is done where it is absent */
export async function checkSegments (folder: string, aim: Aim): Promise<void> {
  if (!existsSync(folder)) {
    process.stdout.write(`  skipped: dsb2018 is not at ${folder}\n`)
    return
  }
  const all = readdirSync(path.join(folder, 'images')).sort()
  const overlaps: number[] = []
  for (let i = 0; i < PICTURES; i++) overlaps.push(await overlapOf(folder, all[Math.floor(i * all.length / PICTURES)]!))
  const [mean, least] = [overlaps.reduce((sum, value) => sum + value, 0) / PICTURES, Math.min(...overlaps)]
  process.stdout.write(`  IoU of ${PICTURES} pictures: mean ${mean.toPrecision(3)}, least ${least.toPrecision(3)}\n`)
  aim('mean IoU of nuclei from eight strokes each', mean, 'at least', 0.8)
}

async function overlapOf (folder: string, name: string): Promise<number> {
  const nuclei = await readNumbers(path.join(folder, 'instances', name))
  const task = { picture: { name, path: path.join(folder, 'images', name) }, options: { strokes: drawScribbles(nuclei) }, mostPixels: 2 ** 21, overlay: false }
  const { mask } = await segmentPicture(task)
  const labels = numbersOf(name, Buffer.from(mask)).data
  let [both, either] = [0, 0]
  for (const [p, label] of labels.entries()) {
    both += Number(label === 1 && nuclei.data[p]! > 0)
    either += Number(label === 1 || nuclei.data[p]! > 0)
  }
  return both / either
}

interface Numbers { height: number, width: number, data: ArrayLike<number> }

async function readNumbers (file: string): Promise<Numbers> {
  return numbersOf(file, await readFile(file))
}

function numbersOf (name: string, bytes: Buffer): Numbers & { data: Uint8Array } {
  const of = { file: { path: '', name }, name, bytes }
  const { height, width, samples } = decodePng(of, readPngHeader(of))
  return { height, width, data: samples as Uint8Array }
}

/** Along rows: the middle half of the longest run of each nucleus, and of the longest runs of ground in each third of the picture. */
function drawScribbles ({ height, width, data }: Numbers): Stroke[] {
  const sizes = new Map<number, number>()
  for (let p = 0; p < data.length; p++) if (data[p]! > 0) sizes.set(data[p]!, (sizes.get(data[p]!) ?? 0) + 1)
  const largest = [...sizes].sort(([, a], [, b]) => b - a).slice(0, NUCLEI).map(([number]) => number)
  const stroke = (label: number, number: number, from: number, to: number): Stroke => {
    let best = { y: from, x: 0, length: 0 }
    for (let y = from; y < to; y++) {
      for (let x = 0, length = 0; x < width; x++) {
        length = data[y * width + x] === number ? length + 1 : 0
        if (length > best.length) best = { y, x: x - length + 1, length }
      }
    }
    const quarter = Math.floor(best.length / 4)
    return { label, width: 1, points: [[best.x + quarter, best.y], [best.x + best.length - 1 - quarter, best.y]] }
  }
  const third = (i: number): number => Math.floor(i * height / GROUND)
  return [
    ...Array.from({ length: GROUND }, (_, i) => stroke(0, 0, third(i), third(i + 1))),
    ...largest.map(number => stroke(1, number, 0, height))
  ]
}
