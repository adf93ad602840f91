/**
 * The ConfigProto that TensorFlow's context and sessions open with, as hexadecimal text: the binding reads it from the
 * environment of its process (scripts/setup/tensorflow.mjs, patchSource). Field numbers:
 * tensorflow/core/protobuf/config.proto.
 */
import { bytesField, doubleField } from './protobuf.js'

/**
 * Bounds what a process takes of a GPU's memory.
 * @param percent 1 to 100; 100 leaves the bound to TensorFlow: all that is free but for a reserve of its own
 */
export function sessionConfig (percent: number): string {
  if (percent === 100) return ''
  const gpuOptions = doubleField(1, percent / 100) // per_process_gpu_memory_fraction
  return Buffer.from(bytesField(6, gpuOptions)).toString('hex')
}
