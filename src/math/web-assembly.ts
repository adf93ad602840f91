/** Instances of what AssemblyScript compiled, each on a memory of its own. */

/** What is used of it; neither TypeScript's ES library nor @types/node declares it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: unknown }
}

/** The memory of an instance. Its buffer is another one once it has grown. */
export interface Memory { readonly buffer: ArrayBuffer, grow (pages: number): number }

const PAGE = 65536

/** Compiles the bytes of a .wasm file. @returns what makes instances of it, with what they import, and gives their exports */
export function compileWasm (bytes: Uint8Array): (imports?: object) => unknown {
  const module = new WebAssembly.Module(bytes)
  return (imports = {}) => new WebAssembly.Instance(module, imports).exports
}

/** Makes a memory at least that large; what it holds stays, views of it may have to be made anew. */
export function reserve (memory: Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
}
