/**
 * The tensor engine of one thread, opened once and kept as long as the thread lives. Loading is serialised by the
 * lock in workerData: two threads that load TensorFlow at the same time crash the process now and then.
 */
import { workerData } from 'node:worker_threads'
import type { Engine } from '../tensor/engine.js'
import { openEngine } from '../tensor/open-engine.js'

let engine: Promise<Engine> | undefined

/** What an executor gives its thread pools as workerData. */
export interface ThreadData { loadLock: SharedArrayBuffer }

/** The engine of this thread. */
export async function threadEngine (backend: 'auto' | 'tensorflow' | 'wasm', threads: number): Promise<Engine> {
  engine ??= openEngine({ backend, threads, loadLock: (workerData as ThreadData).loadLock })
  return await engine
}
