/**
 * The words in shared memory between an executor's main thread and one trial's thread: what the trial is asked to do,
 * how much of what it sent is not yet written, and whether it gets anywhere. A flag is looked at, never interrupts: a
 * stop takes effect at the next boundary, where nothing is half done.
 */

/** Where each word lies in the Int32Array. */
const STOP = 0
const SNAPSHOT = 1
const PENDING_EVENTS = 2
const PENDING_KIB = 3
const REACHED = 4
const WAITING = 5
const WORDS = 6

/** Why a trial stops at its next boundary. */
export const stops = ['none', 'cancel', 'pause', 'drain', 'timeout', 'lost'] as const
export type Stop = typeof stops[number]

/** How much may wait for the database before the trial's thread waits: memory stays bounded whatever a kind yields. */
const MAX_PENDING_EVENTS = 4000
const MAX_PENDING_KIB = 256 * 1024

/** The main thread's side. */
export interface ControlPanel {
  memory: SharedArrayBuffer
  stop (why: Stop): void
  askSnapshot (): void
  /** Says that events were written. */
  written (events: number, bytes: number): void
  /** How often the thread has reached a boundary, modulo 2^32. */
  reached (): number
  /** True while the thread waits for events to be written. */
  isWaiting (): boolean
}

/** The trial thread's side. */
export interface ControlView {
  stop (): Stop
  /** True once per request. */
  takeSnapshotRequest (): boolean
  /** Says that the thread has got somewhere. */
  reach (): void
  /** Counts an event as sent and waits while too many are not written. */
  sent (bytes: number): void
}

/** Makes the control words of one attempt. */
export function createControl (): ControlPanel {
  const memory = new SharedArrayBuffer(WORDS * 4)
  const words = new Int32Array(memory)
  return {
    memory,
    stop: why => { Atomics.store(words, STOP, stops.indexOf(why)) },
    askSnapshot: () => { Atomics.store(words, SNAPSHOT, 1) },
    written (events, bytes) {
      Atomics.sub(words, PENDING_EVENTS, events)
      Atomics.sub(words, PENDING_KIB, Math.ceil(bytes / 1024))
      Atomics.notify(words, PENDING_EVENTS)
    },
    reached: () => Atomics.load(words, REACHED),
    isWaiting: () => Atomics.load(words, WAITING) === 1
  }
}

/** Opens the control words in the trial's thread. */
export function viewControl (memory: SharedArrayBuffer): ControlView {
  const words = new Int32Array(memory)
  return {
    stop: () => stops[Atomics.load(words, STOP)] ?? 'none',
    takeSnapshotRequest: () => Atomics.exchange(words, SNAPSHOT, 0) === 1,
    reach: () => { Atomics.add(words, REACHED, 1) },
    sent (bytes) {
      Atomics.add(words, PENDING_EVENTS, 1)
      Atomics.add(words, PENDING_KIB, Math.ceil(bytes / 1024))
      for (;;) {
        const events = Atomics.load(words, PENDING_EVENTS)
        const isFull = events > MAX_PENDING_EVENTS || Atomics.load(words, PENDING_KIB) > MAX_PENDING_KIB
        const waits = isFull && Atomics.load(words, STOP) !== stops.indexOf('lost')
        Atomics.store(words, WAITING, waits ? 1 : 0)
        if (!waits) return
        Atomics.wait(words, PENDING_EVENTS, events, 50)
      }
    }
  }
}
