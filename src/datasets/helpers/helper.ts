/** The entry of a helper's thread: does what the thread that reads an upload asks, one thing after the other as it comes. */
import { parentPort } from 'node:worker_threads'
import { AppError, type Failure } from '../../errors.js'
import { splitText } from '../formats/csv/split-memory.js'
import type { ItemsAnswer, ItemsTask } from '../formats/pictures/items.js'
import { loadKernels, type KernelMemory, type Kernels } from '../kernels/kernels.js'
import { createFollower, type Written } from './follow-file.js'

/** A kernel's memory by a number, for sending it takes as long as splitting what is in it; itself the first time. */
export interface LentMemory { number: number, memory?: KernelMemory }

/** What helpers can be asked, by name. */
export interface HelperTasks {
  /** splits a text of CSV where it lies */
  rows: { message: LentMemory, answer: void }
  /** decodes pictures, each with its masks */
  pictures: { message: ItemsTask, answer: ItemsAnswer }
  /** reads a file that is being written, and knows its SHA-256 when all is written */
  follow: { message: Written, answer: string | undefined }
  /** forgets what an upload has left, which may be large; another one follows */
  forget: { message: null, answer: void }
}

/** What a helper is asked, and what it answers; first that its modules are loaded. */
export interface Request { number: number, name: keyof HelperTasks, message: unknown }
export type Answer =
  | { isReady: true }
  | { number: number, answer: unknown }
  | { number: number, failure: Failure }
  | { number: number, error: unknown }

const port = parentPort!
/** Kernels by the number of their memory: making them takes as long as their work. */
const known = new Map<number, Kernels>()

const follower = createFollower()

interface Done { answer: unknown, transfer?: ArrayBuffer[] }

const tasks: { [Name in keyof HelperTasks]: (message: HelperTasks[Name]['message']) => Done | Promise<Done> } = {
  rows: ({ number, memory }) => {
    if (memory !== undefined) known.set(number, loadKernels(memory))
    splitText(known.get(number)!, true)
    return { answer: undefined }
  },
  async pictures (task) {
    const { decodeItems, pack } = await import('../formats/pictures/items.js') // a table's helper is there 20 ms earlier
    const answer = await decodeItems(task)
    return { answer, transfer: [pack(answer)] }
  },
  follow: written => ({ answer: follower.follow(written) }),
  forget () {
    known.clear()
    follower.forget()
    return { answer: undefined }
  }
}

port.on('message', async ({ number, name, message }: Request) => {
  try {
    const { answer, transfer = [] } = await tasks[name](message as never)
    port.postMessage({ number, answer } satisfies Answer, transfer)
  } catch (error) {
    port.postMessage(explain(number, error))
  }
})

port.postMessage({ isReady: true } satisfies Answer)

/** Errors lose their class on the way, so an AppError travels as its code and message. */
function explain (number: number, error: unknown): Answer {
  return error instanceof AppError ? { number, failure: error.toFailure() } : { number, error }
}
