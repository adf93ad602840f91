/**
 * The file of a checkpoint: safetensors of the weights under their names and, where the optimizer has them, of Adam's
 * second moments under `moments/` and the name of the weight.
 */
import { prefix, unprefix, type NamedArrays } from '../math/arrays.js'
import { decodeSafetensors, encodeSafetensors } from './safetensors.js'

export interface CheckpointFile {
  /** weights and statistics: what a network loads */
  arrays: NamedArrays
  moments: NamedArrays | undefined
}

const MOMENTS = 'moments/'

/** Writes a checkpoint's file. @param metadata strings for its header */
export function encodeCheckpoint ({ arrays, moments = {} }: CheckpointFile, metadata: Record<string, string>): Uint8Array {
  return encodeSafetensors({ ...arrays, ...prefix(MOMENTS, moments) }, metadata)
}

/** Reads a checkpoint's file. @throws AppError as decodeSafetensors */
export function decodeCheckpoint (bytes: Uint8Array): CheckpointFile {
  const { arrays: all } = decodeSafetensors(bytes)
  const moments = unprefix(MOMENTS, all)
  return {
    arrays: Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith(MOMENTS))),
    moments: Object.keys(moments).length === 0 ? undefined : moments
  }
}
