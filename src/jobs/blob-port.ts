/**
 * Blobs for a thread that computes and cannot wait on a promise: it asks by hash over a port and sleeps until the main
 * thread has put the bytes into shared memory. So a thread needs no way to files: whatever can serve BlobStore serves it.
 */
import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads'
import { AppError, toFailure, type Failure } from '../errors.js'
import type { SharedBlobs } from './shared-blobs.js'

/** What the thread is given; the port has to be transferred. */
export interface BlobPort { port: MessagePort, signal: SharedArrayBuffer }

type Answer = { memory: SharedArrayBuffer } | { failure: Failure }

/** The longest that reading one blob may take: gigabytes over a slow line. */
const DEADLINE_MS = 600_000

/** Answers a thread's requests until it is closed. */
export function serveBlobs (blobs: SharedBlobs): BlobPort & { close: () => void } {
  const { port1, port2 } = new MessageChannel()
  const signal = new SharedArrayBuffer(4)
  const word = new Int32Array(signal)

  function answer (message: Answer): void {
    port1.postMessage(message)
    Atomics.store(word, 0, 1)
    Atomics.notify(word, 0)
  }

  port1.on('message', (sha256: string) => {
    blobs.read(sha256).then(memory => { answer({ memory }) }, (error: unknown) => { answer({ failure: toFailure(error, 'internal') }) })
  })
  return { port: port2, signal, close: () => { port1.close() } }
}

/** Reads a blob in the thread. @throws AppError file_missing, and whatever else the main thread met */
export function readBlob ({ port, signal }: BlobPort, sha256: string): Uint8Array<SharedArrayBuffer> {
  const word = new Int32Array(signal)
  Atomics.store(word, 0, 0)
  port.postMessage(sha256)
  const deadline = performance.now() + DEADLINE_MS
  // A wake-up proves nothing: that of the answer before may come after this thread has fallen asleep again.
  while (Atomics.load(word, 0) === 0) {
    const left = deadline - performance.now()
    if (left <= 0) throw new AppError('unavailable', `blob ${sha256} must come within ${DEADLINE_MS / 1000} s, got nothing`)
    Atomics.wait(word, 0, 0, left)
  }
  const answer = receiveMessageOnPort(port)!.message as Answer
  if ('failure' in answer) throw new AppError(answer.failure.code, answer.failure.message)
  return new Uint8Array(answer.memory)
}
