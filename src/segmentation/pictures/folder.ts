/**
 * Segments all pictures of a folder, several at a time. Each needs seeds under its own name in another folder: a map, NAME.png, or
 * strokes, NAME.json, or both. Its mask becomes NAME.png in a third one, and only there is anything written.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError, OperatorError } from '../../errors.js'
import type { SegmentOptions } from '../spec.js'
import { createSegmentPool, type SegmentPool } from './pool.js'

export interface FolderTask {
  /** PNG and JPEG by their endings; what else lies there is left alone */
  pictures: string
  seeds: string
  /** made where it is not there; not one of the others */
  out: string
  options: SegmentOptions
  /** whether NAME.overlay.png shows the picture under its labels, too */
  overlay: boolean
  threads: number
  mostPixels: number
  /** Reads the strokes of a file. @throws Error that says what is wrong with them */
  parseStrokes (text: string): NonNullable<SegmentOptions['strokes']>
  /** is told of every picture, in the order in which they are done */
  tell (line: string): void
}

/** Those of one picture, on their way. */
interface Named { file: string, name: string }

const ENDINGS = ['.png', '.jpg', '.jpeg']

/**
 * Segments the pictures.
 * @returns how many were segmented, and how many could not be: each was told
 * @throws OperatorError for folders that are none, or that are one
 */
export async function segmentFolder (task: FolderTask): Promise<{ done: number, failed: number }> {
  const files = await listPictures(task)
  const pool = createSegmentPool({ max: task.threads, perOwner: task.threads })
  const counts = { done: 0, failed: 0 }
  const names = new Map<string, string>()
  try {
    await Promise.all(files.map(async file => {
      const { name } = path.parse(file)
      try {
        const other = names.get(name)
        names.set(name, file)
        if (other !== undefined) throw new AppError('invalid_picture', `its mask would be that of ${other}, too`)
        task.tell(`${file}: ${await segmentOne(pool, task, { file, name })}`)
        counts.done++
      } catch (error) {
        task.tell(`${file}: not segmented: ${error instanceof AppError ? error.detail : (error as Error).message}`)
        counts.failed++
      }
    }))
  } finally {
    await pool.close()
  }
  return counts
}

async function listPictures ({ pictures, seeds, out }: FolderTask): Promise<string[]> {
  await mkdir(out, { recursive: true }).catch((error: Error) => { throw new OperatorError(`--out must be a folder: ${error.message}`) })
  const place = async (folder: string): Promise<string> => await realpath(folder).catch(() => { throw new OperatorError(`There is no folder ${folder}`) })
  const target = await place(out)
  if ([await place(pictures), await place(seeds)].includes(target)) throw new OperatorError(`--out must be another folder than those of pictures and seeds, got ${out}`)
  const entries = await readdir(pictures).catch(() => { throw new OperatorError(`There is no folder ${pictures}`) })
  const files = entries.filter(file => ENDINGS.includes(path.extname(file).toLowerCase())).sort()
  if (files.length === 0) throw new OperatorError(`There is no picture (${ENDINGS.join(', ')}) in ${pictures}`)
  return files
}

/** @returns what is told of it */
async function segmentOne (pool: SegmentPool, task: FolderTask, { file, name }: Named): Promise<string> {
  const [map, lines] = [path.join(task.seeds, `${name}.png`), path.join(task.seeds, `${name}.json`)]
  const [hasMap, hasLines] = [existsSync(map), existsSync(lines)]
  if (!hasMap && !hasLines) throw new AppError('invalid_picture', `there must be seeds, ${name}.png or ${name}.json, got neither in ${task.seeds}`)
  const strokes = hasLines ? task.parseStrokes(await readFile(lines, 'utf8')) : []
  const { mask, overlay, counts, energies } = await pool.segment({
    picture: { name: file, path: path.join(task.pictures, file) },
    ...hasMap && { seeds: { name: `${name}.png`, path: map } },
    options: { ...task.options, strokes },
    mostPixels: task.mostPixels,
    overlay: task.overlay
  }, 'folder')
  await write(task.out, `${name}.png`, mask)
  if (overlay !== undefined) await write(task.out, `${name}.overlay.png`, overlay)
  return `${counts.join(' + ')} pixels, energy ${energies.at(-1)!.total.toPrecision(6)}`
}

/** Puts a file in place of what is there: a link that is there leads elsewhere, and is replaced itself. */
async function write (folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const unfinished = path.join(folder, `.${randomUUID()}`)
  try {
    await writeFile(unfinished, bytes, { flag: 'wx' })
    await rename(unfinished, path.join(folder, name))
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}
