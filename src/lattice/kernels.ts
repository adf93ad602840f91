/** The inner loops of the lattice: WebAssembly (assembly/), an instance with a memory of its own for each lattice. */
import { readFileSync } from 'node:fs'
import { compileWasm, reserve, type Memory } from '../math/web-assembly.js'

/** Pointers are bytes of the memory. */
export interface Kernels {
  /** its buffer is another one once the memory has grown */
  readonly memory: Memory
  /** Makes the memory at least that large; what it holds stays. @throws RangeError beyond 4 GB */
  reserve (bytes: number): void
  /** the first byte that is free */
  heapBase (): number
  /** @param features Float64 [points, dimension] @param rows, weights [points, dimension + 1], 4 bytes each @param room 512 bytes */
  usePoints (points: number, dimension: number, features: number, rows: number, weights: number, room: number): void
  /**
   * @param keys     Int32 [capacity / 2 + 1, dimension], of which those of 1 .. found stay
   * @param slots    Int32 [capacity], a power of two
   */
  useTable (dimension: number, keys: number, slots: number, capacity: number, found: number): void
  /** Embeds points from one on. @returns the first for which the table has no room, or how many points there are */
  embed (first: number): number
  /** how many vertices there are so far */
  vertices (): number
  /** @param into [dimension + 1, vertices, 2], 4 bytes each @param key room for one */
  findNeighbours (into: number, key: number): void
  /** @param a, b, c Float32 [vertices + 1, 4] each */
  useRows (neighbours: number, vertices: number, a: number, b: number, c: number): void
  /** @param factors Float32 [points] */
  scaleWeights (factors: number): void
  /** Filters in place. @param planes Float32 [4, points] */
  filter (planes: number, scale: number): void
  /**
   * An update of mean field: q = softmax(-costs - messages). A message is degree - message where there are degrees, and 0 says
   * that there are none.
   * @param costs Float64, messages, q Float32 [labels, points], with a number behind them @param degrees Float32 [points]
   * @param sums Float64 [points + 1] @param room 2,048 bytes for each label twice, and once more
   */
  update (points: number, labels: number, costs: number, messages: number, degrees: number, q: number, sums: number, room: number): void
  /** Of the last update: the largest change of a q, the sum of q costs, and the entropy but for the logarithms of `sums`. */
  changeOf (): number
  unaryOf (): number
  entropyOf (): number
  /** @returns q . messages, with degrees as above */
  product (points: number, labels: number, q: number, messages: number, degrees: number): number
}

type Exports = Omit<Kernels, 'reserve'>

let instantiate: ReturnType<typeof compileWasm> | undefined

/** Loads kernels with a memory of their own. */
export function loadKernels (): Kernels {
  instantiate ??= compileWasm(readFileSync(new URL('kernels.wasm', import.meta.url)))
  const exports = instantiate() as Exports
  return { ...exports, reserve: bytes => { reserve(exports.memory, bytes) } }
}
