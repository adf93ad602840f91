/**
 * Reads the pictures of an upload in their order, decoded and of one size, some here and some by helpers (items.ts); what was
 * done to them is counted.
 */
import { AppError } from '../../../errors.js'
import { readMember } from '../../archives/archive.js'
import type { Helpers } from '../../helpers/helpers.js'
import { inOrder, type Work } from '../../helpers/in-order.js'
import { show } from '../../limits.js'
import type { Warning } from '../../report.js'
import type { Changes, Decoded } from './decode.js'
import type { Size } from './geometry.js'
import { decodeItems, type DecodedItem, type Item, type ItemsAnswer, type ItemsTask, type Source } from './items.js'
import type { Placed } from './layout.js'
import type { PictureOptions } from './options.js'
import { MOST_BYTES, refuse, type Picture } from './picture.js'

export interface PictureReader {
  /** Decodes pictures, with the masks that belong to them. @throws AppError invalid_dataset naming the picture */
  read (items: readonly Item<Placed>[]): AsyncGenerator<DecodedItem>
  /** of all pictures; undefined before the first one */
  size (): Size | undefined
  /** a 1 for every number below 256 that stood in a mask that is a target */
  seen: Uint8Array
  warnings (): Warning[]
}

/** What goes to a helper at once: of small pictures many, for asking takes as long as decoding one. */
const ITEMS_AT_ONCE = 32
const BYTES_AT_ONCE = 256 * 1024
/** Files that are larger are read and decoded while nothing else is. */
const MOST_BESIDE_OTHERS = 16 * 1024 * 1024

const saidOf: Record<keyof Changes, string> = {
  turned: 'pictures that were turned as their EXIF data say',
  reduced: 'pictures of 16 bits a sample, of which the upper 8 were kept',
  transparent: 'pictures with transparent pixels, which were laid over black',
  converted: 'pictures converted from CMYK',
  enlarged: 'pictures enlarged to the size that was told'
}

interface Batch { placed: Item<Placed>[], task: ItemsTask, bytes: number }

const decode: Work<Batch, ItemsAnswer> = {
  here: async ({ task }) => await decodeItems(task),
  there: async ({ task }, helper) => await helper.run('pictures', task),
  isAlone: ({ bytes }) => bytes > MOST_BESIDE_OTHERS
}

/** Makes a reader for all pictures of an upload. */
export function openReader ({ size, fit, classNames, maskValues, maskColours }: PictureOptions, helpers?: Helpers): PictureReader {
  const given = { size, fit, classNames, maskValues, maskColours }
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as ItemsTask['options']
  const counts = { turned: 0, reduced: 0, transparent: 0, converted: 0, enlarged: 0 }
  const seen = new Uint8Array(256)
  let first: { name: string, size: Size } | undefined

  function take ({ image }: Item<Placed>, { pixels: { height, width }, changes }: Decoded): void {
    first ??= { name: image.member.name, size: [height, width] }
    if (height !== first.size[0] || width !== first.size[1]) {
      throw refuse(pictureOf(image), `must have the size [${first.size.join(', ')}] of ${show(first.name)}, got [${height}, ${width}]; say size=[height, width] to have all resized`)
    }
    for (const change of Object.keys(counts) as (keyof Changes)[]) counts[change] += changes[change] ? 1 : 0
  }

  return {
    async * read (items) {
      for await (const { task: { placed, task }, answer } of inOrder(helpers, batch(items, options), decode)) {
        let { done, failure, failed, seen: seenNow } = answer
        for (let at = 0; ;) {
          for (const one of done) {
            take(placed[at++]!, one.decoded)
            yield one
          }
          seenNow.forEach((is, value) => { seen[value]! |= is })
          if (failed !== undefined) take(placed[at]!, failed)
          if (failure !== undefined) throw new AppError(failure.code, failure.message)
          if (at === placed.length) break
          ;({ done, failure, failed, seen: seenNow } = await decodeItems({ ...task, items: task.items.slice(at) }))
        }
      }
    },
    size: () => first?.size,
    seen,
    warnings: () => (Object.keys(counts) as (keyof Changes)[]).filter(change => counts[change] > 0)
      .map(change => ({ code: `${change}_pictures`, text: `${saidOf[change]}: ${counts[change]}` }))
  }
}

/** Puts neighbours together. What is too large to be read in one piece is read here. @throws AppError invalid_dataset */
async function * batch (items: readonly Item<Placed>[], options: ItemsTask['options']): AsyncGenerator<Batch> {
  const open = (): Batch => ({ placed: [], task: { items: [], options }, bytes: 0 })
  let next = open()
  for (const item of items) {
    next.task.items.push({ image: await find(item.image), maps: await findAll(item.maps) })
    next.placed.push(item)
    next.bytes += [item.image, ...Object.values(item.maps)].reduce((sum, { member }) => sum + member.sizeBytes, 0)
    if (next.placed.length < ITEMS_AT_ONCE && next.bytes < BYTES_AT_ONCE) continue
    yield next
    next = open()
  }
  if (next.placed.length > 0) yield next
}

async function findAll (maps: Record<string, Placed>): Promise<Record<string, Source>> {
  const found: Record<string, Source> = {}
  for (const [name, placed] of Object.entries(maps)) found[name] = await find(placed)
  return found
}

/** @throws AppError invalid_dataset when a member has too many bytes */
async function find (placed: Placed): Promise<Source> {
  const { opened: { archive }, member } = placed
  const place = archive.place(member)
  if (place !== undefined) return place
  if (member.sizeBytes > MOST_BYTES) throw refuse(pictureOf(placed), `must have at most ${MOST_BYTES} bytes, got ${member.sizeBytes}`)
  return { ...pictureOf(placed), bytes: await readMember(archive, member) }
}

function pictureOf ({ opened, member }: Placed): Pick<Picture, 'file' | 'name'> {
  return { file: opened.file, name: member.name }
}
