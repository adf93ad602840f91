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
