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
  /** @param rows, weights [points, dimension + 1], 4 bytes each, 16 more behind the weights @param room 512 bytes */
  usePoints (points: number, dimension: number, rows: number, weights: number, room: number): void
  /**
   * @param keys     Int32 [capacity / 2 + 1, 4 or, of more than 4 dimensions, 8], of which those of 1 .. found stay
   * @param slots    Int32 [capacity], a power of two
   */
  useTable (dimension: number, keys: number, slots: number, capacity: number, found: number): void
  /**
   * Embeds points from `first` on.
   * @param features Float64 [count, dimension]
   * @returns the first for which the table has no room, or first + count
   */
  embed (first: number, count: number, features: number): number
  /** how many vertices there are so far */
  vertices (): number
  /** @param into [dimension + 1, vertices, 2], 4 bytes each @param room 32 bytes */
  findNeighbours (into: number, room: number): void
  /** @param a, b, c Float32 [vertices + 1, 8] each */
  useRows (neighbours: number, vertices: number, a: number, b: number, c: number): void
  /** @param planes Float32 [8, stride bytes], in which values of points come and go */
  useTile (planes: number, stride: number): void
  /** @param factors Float32 [points], by which results are multiplied */
  useFactors (factors: number): void
  /** Divides what points give and take by the square roots of the tile's first plane. */
  scaleWeights (from: number, count: number): void
  /** Begins to filter four planes, or eight; then all points are splatted, all is blurred, all points are sliced. */
  open (isWide: boolean): void
  splat (from: number, count: number): void
  blur (): void
  /** @param isAdded to what the tile has, or put in its place */
  slice (from: number, count: number, scale: number, isAdded: boolean): void
  /**
   * An update of mean field: q = softmax(-costs - messages). A message is degree - message where there are degrees, and 0 says
   * that there are none.
   * @param costs, messages, q Float32 [labels, points], with three numbers behind them @param degrees Float32 [points] likewise
   * @param room 512 bytes for each label twice, and twice more
   */
  update (points: number, labels: number, costs: number, messages: number, degrees: number, q: number, room: number): void
  /** Of the last update: the largest change of a q, the sum of q costs, and the entropy. */
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
