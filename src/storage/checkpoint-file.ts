/**
 * The file of a checkpoint: safetensors of the weights under their names; where the optimizer has them, of Adam's second
 * moments under `moments/` and the name of the weight; and under `targets/` what the network learned there, where the
 * training itself made that.
 */
import { prefix, unprefix, type NamedArrays } from '../math/arrays.js'
import { decodeSafetensors, encodeSafetensors } from './safetensors.js'

export interface CheckpointFile {
  /** weights and statistics: what a network loads */
  arrays: NamedArrays
  moments: NamedArrays | undefined
  targets: NamedArrays | undefined
}

const MOMENTS = 'moments/'
const TARGETS = 'targets/'

/** Writes a checkpoint's file. @param metadata strings for its header */
export function encodeCheckpoint ({ arrays, moments = {}, targets = {} }: CheckpointFile, metadata: Record<string, string>): Uint8Array {
  return encodeSafetensors({ ...arrays, ...prefix(MOMENTS, moments), ...prefix(TARGETS, targets) }, metadata)
}

/** Reads a checkpoint's file. @throws AppError as decodeSafetensors */
export function decodeCheckpoint (bytes: Uint8Array): CheckpointFile {
  const { arrays: all } = decodeSafetensors(bytes)
  const some = (text: string): NamedArrays | undefined => {
    const arrays = unprefix(text, all)
    return Object.keys(arrays).length === 0 ? undefined : arrays
  }
  return {
    arrays: Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith(MOMENTS) && !name.startsWith(TARGETS))),
    moments: some(MOMENTS),
    targets: some(TARGETS)
  }
}
