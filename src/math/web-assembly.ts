/** Instances of what AssemblyScript compiled, each on a memory of its own. */

/** What is used of it; neither TypeScript's ES library nor @types/node declares it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: unknown }
  Memory: new (limits: { initial: number, maximum: number, shared: true }) => Memory<SharedArrayBuffer>
}

/** The memory of an instance. Its buffer is another one once it has grown. */
export interface Memory<Buffer extends ArrayBufferLike = ArrayBuffer> { readonly buffer: Buffer, grow (pages: number): number }

const PAGE = 65536
/** Those that 32 bits can name. */
const MOST_PAGES = 65536

/** Compiles the bytes of a .wasm file. @returns what makes instances of it, with what they import, and gives their exports */
export function compileWasm (bytes: Uint8Array): (imports?: object) => unknown {
  const module = new WebAssembly.Module(bytes)
  return (imports = {}) => new WebAssembly.Instance(module, imports).exports
}

/** Makes a memory that threads may share: each has an instance of its own on it. What is imported must have been compiled for such. */
export function openSharedMemory (): Memory<SharedArrayBuffer> {
  return new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true })
}

/** The next byte at which a vector may lie: a multiple of 16, also beyond 2^31, where bitwise operators do not reach. */
export function align (bytes: number): number {
  return 16 * Math.ceil(bytes / 16)
}

/** Makes a memory at least that large; what it holds stays, views of it may have to be made anew. */
export function reserve (memory: Memory<ArrayBufferLike>, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
}

/** An instance with a memory of its own, as it is lent. */
export type Lent<Exports extends { memory: Memory }> = Exports & {
  /** Makes the memory at least that large; what it holds stays, views have to be made anew. */
  reserve (bytes: number): void
}

export interface Lender<Kernels> {
  /** Lends an instance to one use at a time. What its memory holds is what the use before left there. */
  borrow (): Kernels
  /** Takes it back; whoever had it has it no longer. */
  giveBack (kernels: Kernels): void
}

/**
 * Lends instances of one file. A thread keeps some of those that are given back, for each takes gigabytes of addresses, some time
 * to make, and fresh memory of the system.
 * @param read the bytes of the .wasm file, asked once
 * @param most spare instances that are kept, and the bytes of the largest of them: of larger ones memory goes back to the system
 */
export function createLender<Exports extends { memory: Memory }> (
  read: () => Uint8Array, { spare: mostSpare, bytes: mostBytes }: { spare: number, bytes: number }, imports?: object
): Lender<Lent<Exports>> {
  let instantiate: ReturnType<typeof compileWasm> | undefined
  const spare: Lent<Exports>[] = []

  function load (): Lent<Exports> {
    instantiate ??= compileWasm(read())
    const exports = instantiate(imports) as Exports
    return { ...exports, reserve: bytes => { reserve(exports.memory, bytes) } }
  }

  return {
    borrow: () => spare.pop() ?? load(),
    giveBack (kernels) {
      if (spare.length < mostSpare && kernels.memory.buffer.byteLength <= mostBytes) spare.push(kernels)
    }
  }
}
