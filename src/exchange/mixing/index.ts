/**
 * What workers that have told each other their states make of them, over all their numbers: pulls, moves by differences,
 * means. Computed in Float64 and rounded once, in the order in which they are given. Vectors of float32, which have millions
 * of numbers, go through WebAssembly (assembly/) block by block, Float64 ones through JavaScript: to the bit as if both did.
 */
import { readFileSync } from 'node:fs'
import { compileWasm, type Memory } from '../../math/web-assembly.js'
import type { Vector } from '../exchange.js'

/** A vector less another one, number by number; first goes `by` times a third onto it, where there is one. */
export interface Difference { of: Vector, less: Vector, ahead?: { along: Vector, by: number } | undefined }

/** x <- x - strength (x - target) over the first `count` numbers. 1,000,000 of float32 take 1 ms, in JavaScript 5. */
export function pull (x: Vector, target: Vector, strength: number, count: number): void {
  if (!areSingle([x, target])) {
    for (let i = 0; i < count; i++) x[i]! -= strength * (x[i]! - target[i]!)
    return
  }
  const { kernels, inBlocks, left, right } = open()
  inBlocks(count, (at, length) => {
    left.set(x.subarray(at, at + length))
    right.set(target.subarray(at, at + length))
    kernels.pull(strength, length)
    x.set(left.subarray(0, length), at)
  })
}

/** into = base + strength sum of the differences, over as many numbers as `into` has; it may be `base`. */
export function moveInto (into: Vector, base: Vector, strength: number, differences: readonly Difference[]): void {
  if (!areSingle([into, base, ...differences.flatMap(({ of, less, ahead }) => ahead ? [of, less, ahead.along] : [of, less])])) {
    for (let i = 0; i < into.length; i++) {
      let sum = 0
      for (const { of, less, ahead } of differences) sum += (ahead ? of[i]! + ahead.by * ahead.along[i]! : of[i]!) - less[i]!
      into[i] = base[i]! + strength * sum
    }
    return
  }
  const { kernels, inBlocks, left, right, along } = open()
  inBlocks(into.length, (at, length) => {
    let held: Vector | undefined
    const hold = (vector: Vector): void => {
      if (vector !== held) right.set(vector.subarray(at, at + length))
      held = vector
    }
    kernels.clear(length)
    for (const { of, less, ahead } of differences) {
      left.set(of.subarray(at, at + length))
      hold(less)
      if (ahead) along.set(ahead.along.subarray(at, at + length))
      if (ahead) kernels.addDifferenceAhead(ahead.by, length)
      else kernels.addDifference(length)
    }
    hold(base)
    kernels.move(strength, length)
    into.set(left.subarray(0, length), at)
  })
}

/** into = mean of the vectors, over as many numbers as `into` has. */
export function meanInto (into: Vector, vectors: readonly Vector[]): void {
  if (!areSingle([into, ...vectors])) {
    for (let i = 0; i < into.length; i++) {
      let sum = 0
      for (const vector of vectors) sum += vector[i]!
      into[i] = sum / vectors.length
    }
    return
  }
  const { kernels, inBlocks, left } = open()
  inBlocks(into.length, (at, length) => {
    kernels.clear(length)
    for (const vector of vectors) {
      left.set(vector.subarray(at, at + length))
      kernels.add(length)
    }
    kernels.divide(vectors.length, length)
    into.set(left.subarray(0, length), at)
  })
}

function areSingle (vectors: readonly Vector[]): boolean {
  return vectors.every(vector => vector instanceof Float32Array)
}

/** See assembly/index.ts; `left`, `right`, `along` and the sums of a block are theirs. */
interface Kernels {
  memory: Memory
  block (): number
  leftBlock (): number
  rightBlock (): number
  alongBlock (): number
  pull (strength: number, count: number): void
  clear (count: number): void
  add (count: number): void
  addDifference (count: number): void
  addDifferenceAhead (by: number, count: number): void
  move (strength: number, count: number): void
  divide (divisor: number, count: number): void
}

interface Opened {
  kernels: Kernels
  left: Float32Array
  right: Float32Array
  along: Float32Array
  inBlocks (count: number, mix: (at: number, length: number) => void): void
}

let opened: Opened | undefined

/** The kernels of this thread. */
function open (): Opened {
  opened ??= load()
  return opened
}

function load (): Opened {
  const kernels = compileWasm(readFileSync(new URL('kernels.wasm', import.meta.url)))() as Kernels
  const block = kernels.block()
  const blockAt = (address: number): Float32Array => new Float32Array(kernels.memory.buffer, address, block)
  return {
    kernels,
    left: blockAt(kernels.leftBlock()),
    right: blockAt(kernels.rightBlock()),
    along: blockAt(kernels.alongBlock()),
    inBlocks (count, mix) {
      for (let at = 0; at < count; at += block) mix(at, Math.min(block, count - at))
    }
  }
}
