/** Regions of pictures as masks: those that a question names, and those that a class map has. */
import { eachRegion } from '../../datasets/scribbles/regions.js'
import { UNLABELLED } from '../../datasets/unlabelled.js'
import { openPng } from '../png.js'
import { refuse } from '../refusals.js'
import { total } from '../scoring.js'
import type { Region, ScoredRegion } from './schema.js'

/** Height and width. */
type Size = readonly [number, number]

/** What a picture is said to show: [height, width] each. */
export interface Maps { target: ArrayLike<number>, prediction: ArrayLike<number> }

/**
 * Spells out which pixels a question means.
 * @param classes how many there are
 * @param path    of the region in the request
 * @returns       [height, width]: 1 in the region
 * @throws invalid_input naming the field, where the region is not in the picture or has no pixel
 */
export function openRegion (region: Region, size: Size, maps: Maps, { classes, path }: { classes: number, path: string }): Uint8Array {
  switch (region.type) {
    case 'picture': return new Uint8Array(size[0] * size[1]).fill(1)
    case 'box': return openBox(region, size, path)
    case 'class': {
      const { label, of } = region
      if (label >= classes) refuse(`${path}.label`, `must be < ${classes}, the number of classes`, label)
      const inside = Uint8Array.from(maps[of], one => Number(one === label))
      if (!inside.includes(1)) refuse(`${path}.label`, `must be a class of the picture’s ${of}`, label)
      return inside
    }
    case 'mask': {
      const inside = openMask(region.png, size, `${path}.png`)
      if (!inside.includes(1)) refuse(`${path}.png`, 'must mark a pixel, by a number other than 0', 'none')
      return inside
    }
  }
}

function openBox (box: Extract<Region, { type: 'box' }>, [height, width]: Size, path: string): Uint8Array {
  const why = `for the picture has ${height} rows and ${width} columns`
  const fits = (from: 'left' | 'top', along: 'width' | 'height', all: number) => {
    if (box[from] >= all) refuse(`${path}.${from}`, `must be < ${all}, ${why}`, box[from])
    if (box[from] + box[along] > all) refuse(`${path}.${along}`, `must be <= ${all - box[from]}, ${why}`, box[along])
  }
  fits('left', 'width', width)
  fits('top', 'height', height)
  const inside = new Uint8Array(height * width)
  for (let y = box.top; y < box.top + box.height; y++) inside.fill(1, y * width + box.left, y * width + box.left + box.width)
  return inside
}

/** Numbers of a palette count, not its colours: masks of `predict` can be sent back. */
function openMask (png: string, [height, width]: Size, path: string): Uint8Array {
  const { header, decode } = openPng(png, path)
  if (header.height !== height || header.width !== width) {
    refuse(path, `must have the picture’s size, ${height} x ${width}`, `${header.height} x ${header.width}`)
  }
  if (header.type !== 0 && header.type !== 3) refuse(path, 'must be grey or have a palette', 'colours or transparency')
  return Uint8Array.from(decode().samples, sample => Number(sample !== 0))
}

/** How many pixels, and the least box around them. */
export function describeRegion (pixels: readonly number[], width: number): Pick<ScoredRegion, 'pixels' | 'box'> {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1]
  for (const pixel of pixels) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return { pixels: pixels.length, box: { left, top, width: right - left + 1, height: bottom - top + 1 } }
}

/** Takes a class map apart: into its classes, or into its connected regions. Unlabelled pixels are in no part. */
export function partsOf (map: Uint8Array, [height, width]: Size, how: 'classes' | 'components'): { label: number, pixels: number[] }[] {
  if (how === 'components') {
    return Array.from(eachRegion(map, height, width), ({ label, left, top, width: own, pixels }) =>
      ({ label, pixels: pixels.map(at => (top + Math.floor(at / own)) * width + left + at % own) }))
  }
  const byLabel = new Map<number, number[]>()
  map.forEach((label, pixel) => {
    if (label === UNLABELLED) return
    if (!byLabel.has(label)) byLabel.set(label, [])
    byLabel.get(label)!.push(pixel)
  })
  return [...byLabel].sort(([a], [b]) => a - b).map(([label, pixels]) => ({ label, pixels }))
}

/** Parts of a picture that are listed. */
const LISTED = 20

/** Lists the parts of a picture with what each adds to its score, those that add or take most first. */
export function listParts (
  parts: readonly Omit<ScoredRegion, 'score'>[], scores: ArrayLike<number>
): { regions: ScoredRegion[], otherRegions?: { count: number, score: number } } {
  const all = parts.map((part, i): ScoredRegion => ({ ...part, score: scores[i]! })).sort((a, b) => Math.abs(b.score) - Math.abs(a.score))
  const [regions, others] = [all.slice(0, LISTED), all.slice(LISTED)]
  if (others.length === 0) return { regions }
  return { regions, otherRegions: { count: others.length, score: total(others.map(({ score }) => score)) } }
}
