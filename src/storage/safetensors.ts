/** Stub. */
import type { NamedArrays } from '../arrays.js'

/** Writes named arrays and text metadata as one safetensors file. */
export function encodeSafetensors (arrays: NamedArrays, metadata: Record<string, string> = {}): Uint8Array<ArrayBuffer> {
  throw new Error(`not yet ${Object.keys(arrays).length} ${Object.keys(metadata).length}`)
}

/** Reads a safetensors file; arrays are views of the bytes where these are aligned. */
export function decodeSafetensors (bytes: Uint8Array): { arrays: NamedArrays, metadata: Record<string, string> } {
  throw new Error(`not yet ${bytes.length}`)
}
