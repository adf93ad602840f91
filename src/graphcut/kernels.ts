/** The inner loops of cuts: WebAssembly (assembly/), an instance with a memory of its own for each network. */
import { readFileSync } from 'node:fs'
import { compileWasm, reserve, type Memory } from '../math/web-assembly.js'

/** Pointers are bytes of the memory. */
export interface Kernels {
  /** its buffer is another one once the memory has grown */
  readonly memory: { readonly buffer: ArrayBuffer }
  /** Makes the memory at least that large; what it holds stays. */
  reserve (bytes: number): void
  /** the first byte that is free */
  heapBase (): number
  /** Bytes that solving takes beside the network. */
  roomOf (nodes: number): number
  useRoom (room: number): void
  useGrid (nodes: number, degree: number, offsets: number, capacities: number, terminals: number): void
  useGraph (nodes: number, firsts: number, heads: number, sisters: number, capacities: number, terminals: number): void
  /** Pushes all flow that there still is; capacities and terminals are what is left. @returns that flow */
  solveGrid (): number
  solveGraph (): number
  /** Where the labels lie, Int32 by node: above 0 where the source still reaches it. */
  labels (): number
}

type Exports = Omit<Kernels, 'memory' | 'reserve'> & { memory: Memory }

let instantiate: ReturnType<typeof compileWasm> | undefined

/** Loads kernels with a memory of their own. */
export function loadKernels (): Kernels {
  instantiate ??= compileWasm(readFileSync(new URL('kernels.wasm', import.meta.url)))
  const exports = instantiate() as Exports
  const { memory } = exports
  return { ...exports, reserve: bytes => { reserve(memory, bytes) } }
}

/** Lays arrays one behind the other, each at a multiple of 16 bytes. */
export function layOut (kernels: Kernels, bytes: readonly number[]): number[] {
  let free = kernels.heapBase()
  const places = bytes.map(size => {
    const place = free
    free = (free + size + 15) & ~15
    return place
  })
  kernels.reserve(free)
  return places
}
