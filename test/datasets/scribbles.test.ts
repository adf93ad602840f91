/** Scribbles of class maps: depths and skeletons against brute force, and strokes that are what was asked for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureDepths } from '../../src/datasets/scribbles/depth.js'
import { findPath } from '../../src/datasets/scribbles/path.js'
import { eachRegion, type Region } from '../../src/datasets/scribbles/regions.js'
import { drawScribbles } from '../../src/datasets/scribbles/scribble.js'
import { thin } from '../../src/datasets/scribbles/skeleton.js'
import { generateDataset } from '../../src/datasets/generators/index.js'
import { UNLABELLED } from '../../src/datasets/unlabelled.js'
import { openStream } from '../../src/math/random.js'

const scenes = {
  type: 'scenes', size: 32, colours: 'grey', classes: 3, shapes: 4, contrast: 0.5, noise: 0, seed: 1, train: 10, test: 1
} as const
const all = { length: 1, width: 1, regions: 'all' as const }
const [HEIGHT, WIDTH] = [19, 23]

/** Blots of three classes, some pixels without one. */
function drawBlots (seed: number): Uint8Array {
  const stream = openStream(seed, 'blots')
  const centres = Array.from({ length: 9 }, (_, i) => (
    { x: WIDTH * stream.uniform(), y: HEIGHT * stream.uniform(), label: i === 0 ? UNLABELLED : i % 3 }))
  return Uint8Array.from({ length: HEIGHT * WIDTH }, (_, p) => {
    if (stream.uniform() < 0.03) return stream.integer(3) // specks, and holes
    const distance = ({ x, y }: typeof centres[number]): number => (p % WIDTH - x) ** 2 + (Math.floor(p / WIDTH) - y) ** 2
    return centres.reduce((nearest, one) => distance(one) < distance(nearest) ? one : nearest).label
  })
}

/** A map as a drawing: each letter is a class, a blank is unlabelled. */
function toMap (rows: string[]): { map: Uint8Array, size: [number, number] } {
  return { map: Uint8Array.from(rows.join(''), sign => sign === ' ' ? UNLABELLED : Number(sign)), size: [rows.length, rows[0]!.length] }
}

/** Parts of what has a value that hang together, by the slowest way: labels spread until nothing changes. */
function countParts (mask: Uint8Array, width: number, value: number, corners: boolean): number {
  const part = Array.from(mask, (one, at) => one === value ? at : -1)
  for (let changed = true; changed;) {
    changed = false
    for (let p = 0; p < part.length; p++) {
      for (let q = 0; q < part.length; q++) {
        const [dx, dy] = [Math.abs(p % width - q % width), Math.abs(Math.floor(p / width) - Math.floor(q / width))]
        if (dx > 1 || dy > 1 || (!corners && dx + dy > 1) || part[p]! < 0 || part[q]! < 0 || part[q]! >= part[p]!) continue
        part[p] = part[q]!
        changed = true
      }
    }
  }
  return new Set(part.filter(one => one >= 0)).size
}

const toMapPixel = ({ left, top, width }: Region, at: number): number => (top + Math.floor(at / width)) * WIDTH + left + at % width

test('eachRegion: every labelled pixel is in one region of its class, which hangs together and is whole', () => {
  for (const seed of [1, 2]) {
    const map = drawBlots(seed)
    const owner = new Int32Array(map.length).fill(-1)
    const regions = [...eachRegion(map, HEIGHT, WIDTH)]
    for (const [i, region] of regions.entries()) {
      assert.deepEqual(Array.from(region.inside.keys()).filter(at => region.inside[at] === 1), region.pixels)
      for (const at of region.pixels) {
        const pixel = toMapPixel(region, at)
        assert.deepEqual([map[pixel], owner[pixel]], [region.label, -1])
        owner[pixel] = i
      }
    }
    assert.deepEqual(owner.map(one => one < 0 ? 1 : 0), Int32Array.from(map, label => label === UNLABELLED ? 1 : 0))
    const parts = [0, 1, 2].reduce((sum, label) => sum + countParts(map, WIDTH, label, true), 0)
    assert.equal(regions.length, parts)
  }
})

test('measureDepths: the squared distance to the nearest pixel outside, by looking at all of them', () => {
  for (const region of eachRegion(drawBlots(3), HEIGHT, WIDTH)) {
    const { width, height, inside } = region
    const outside = [...inside.keys()].filter(at => inside[at] === 0)
    const toNearest = (p: number): number =>
      Math.min(...outside.map(q => (p % width - q % width) ** 2 + (Math.floor(p / width) - Math.floor(q / width)) ** 2))
    assert.deepEqual(Array.from(measureDepths(region)), Array.from(inside.keys(), toNearest))
    assert.equal(height * width, inside.length)
  }
})

test('thin: what is left hangs together, has the region’s holes, and is as thin as they and its ends allow', () => {
  let holes = 0
  for (const seed of [4, 5]) {
    for (const region of eachRegion(drawBlots(seed), HEIGHT, WIDTH)) {
      const { width, inside, pixels } = region
      const depths = measureDepths(region)
      const ends = [pixels[0]!, pixels.at(-1)!]
      const skeleton = thin(region, pixels.toSorted((a, b) => depths[a]! - depths[b]!), ends)
      assert.ok(skeleton.every((one, at) => one <= inside[at]!) && ends.every(end => skeleton[end] === 1))
      const topology = (mask: Uint8Array): [parts: number, outside: number] =>
        [countParts(mask, width, 1, true), countParts(mask, width, 0, false)]
      const of = topology(inside)
      assert.deepEqual(topology(skeleton), of)
      holes += of[1] - 1
      for (const at of pixels) {
        if (skeleton[at] === 0 || ends.includes(at)) continue
        assert.notDeepEqual(topology(skeleton.with(at, 0)), of, `pixel ${at} could go`)
      }
    }
  }
  assert.ok(holes > 5, `${holes} holes`)
})

test('findPath: the fewest steps, around what lies between', () => {
  const inside = Uint8Array.from('000000' + '011110' + '010010' + '010110' + '000000', Number)
  assert.deepEqual(findPath(inside, 6, 19, 21), [19, 13, 8, 9, 16, 21])
  assert.deepEqual(findPath(inside, 6, 19).length, 6, 'to where it is farthest')
  assert.deepEqual(findPath(inside, 6, 8, 8), [8])
})

test('drawScribbles: a stroke lies along the middle of a bar, shortened about its middle; a click is where a region is deepest', () => {
  const { map, size } = toMap(Array.from({ length: 7 }, (_, y) => y > 0 && y < 6 ? '01111111111111111111110' : '0'.repeat(23)))
  const of = (options: Partial<typeof all>, seed = 1): number[] => {
    const scribbles = drawScribbles(map, size, { ...all, ...options }, openStream(seed, 's'))
    return [...scribbles.keys()].filter(p => scribbles[p] === 1)
  }
  const whole = of({})
  assert.ok(whole.length >= 17 && new Set(whole.map(p => p % 23)).size === whole.length, 'a pixel for each column')
  assert.ok(whole.filter(p => Math.floor(p / 23) === 3).length >= 15, 'row 3 is the middle one')
  const half = of({ length: 0.5 })
  assert.ok(half.every(p => whole.includes(p)))
  assert.ok(Math.abs(half.length - whole.length / 2) <= 1, `${half.length} of ${whole.length}`)
  const middle = half.reduce((sum, p) => sum + p % 23, 0) / half.length
  assert.ok(Math.abs(middle - 11) <= 1.5, String(middle))
  const [click, ...none] = of({ length: 0 })
  assert.deepEqual([Math.floor(click! / 23), none], [3, []])
  assert.ok(click! % 23 >= 3 && click! % 23 <= 19)
  const wide = of({ length: 0, width: 3 })
  assert.equal(wide.length, 9)
  assert.ok(of({ width: 50 }).length === 21 * 5, 'no stroke leaves its region')
  assert.notDeepEqual(of({ length: 0 }), of({ length: 0 }, 2))
})

test('drawScribbles: on its class alone, one stroke for each region or for one of each class; the same stream draws the same', () => {
  for (const seed of [6, 7]) {
    const map = drawBlots(seed)
    for (const options of [all, { ...all, length: 0 }, { ...all, length: 0.3, width: 3 }]) {
      const draw = (regions: 'all' | 'one') => drawScribbles(map, [HEIGHT, WIDTH], { ...options, regions }, openStream(seed, 's'))
      for (const regions of ['all', 'one'] as const) {
        const scribbles = draw(regions)
        assert.deepEqual(scribbles, draw(regions))
        assert.ok(scribbles.every((label, p) => label === UNLABELLED || label === map[p]))
        const every = [...eachRegion(map, HEIGHT, WIDTH)]
        const owners = every.filter(region => region.pixels.some(at => scribbles[toMapPixel(region, at)] !== UNLABELLED))
        const wanted = regions === 'one' ? [0, 1, 2] : every.map(({ label }) => label)
        assert.deepEqual(owners.map(({ label }) => label).sort(), wanted.sort())
      }
    }
  }
  const none = new Uint8Array(12).fill(UNLABELLED)
  assert.deepEqual(drawScribbles(none, [3, 4], { ...all, regions: 'one' }, openStream(1, 's')), none, 'no class, no scribble')
})

test('drawScribbles: one region of a class is drawn as likely as it is large', () => {
  const { map, size } = toMap(['111111110000', '111111110110', '111111110000'])
  let large = 0
  for (let seed = 0; seed < 200; seed++) {
    if (drawScribbles(map, size, { ...all, length: 0, regions: 'one' }, openStream(seed, 's')).lastIndexOf(1) % 12 < 8) large++
  }
  assert.ok(large > 170 && large < 198, `${large} of 200`) // 24 of 26 pixels: 184.6, deviation 3.8
})

test('drawScribbles: scenes with shorter strokes have fewer labelled pixels, and clicks the fewest', () => {
  const labelled = [1, 0.8, 0.5, 0.3, 0].map(length => {
    const { train } = generateDataset({ ...scenes, scribbles: { ...all, length } })
    return train.arrays.scribbles!.filter(label => label !== UNLABELLED).length
  })
  assert.deepEqual(labelled, labelled.toSorted((a, b) => b - a))
  assert.ok(labelled[0]! < 0.1 * 10 * 32 * 32 && labelled[4]! >= 30 && labelled[4]! < 70, labelled.join())
})
