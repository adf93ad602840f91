/**
 * Lets one thread of a process at a time load the tensor library: two at once crash the process now and then.
 * The lock holds its holder's thread id, so that whoever ends a thread can free what it held.
 */
import { threadId } from 'node:worker_threads'

const free = -1

/** Makes the lock that all threads of a process share (hand it to them in workerData). */
export function createLoadLock (): SharedArrayBuffer {
  const lock = new SharedArrayBuffer(4)
  Atomics.store(new Int32Array(lock), 0, free)
  return lock
}

/**
 * Frees the lock if the given thread holds it. To be called when a thread has ended, for terminate() skips `finally`.
 * @param holder  the ended thread's threadId
 */
export function releaseLoadLock (lock: SharedArrayBuffer, holder: number): void {
  const cell = new Int32Array(lock)
  if (Atomics.compareExchange(cell, 0, holder, free) === holder) Atomics.notify(cell, 0, 1)
}

/** Does the work while this thread alone holds the lock. Waits without serving the thread's event loop. */
export async function withLoadLock<T> (lock: SharedArrayBuffer | undefined, work: () => Promise<T>): Promise<T> {
  if (!lock) return await work()
  const cell = new Int32Array(lock)
  for (;;) {
    const holder = Atomics.compareExchange(cell, 0, free, threadId)
    if (holder === free) break
    Atomics.wait(cell, 0, holder)
  }
  try {
    return await work()
  } finally {
    releaseLoadLock(lock, threadId)
  }
}
