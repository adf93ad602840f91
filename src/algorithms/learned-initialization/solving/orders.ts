/** How the trial's own thread tells the others of its crew what to do next: words of memory that they are woken by. */
import { beginRound } from '../../kit/rounds.js'

const MOST_PURPOSE = 128

/** Words of an order; the first counts rounds (kit/rounds.ts). */
const names = ['round', 'mode', 'count', 'steps', 'made', 'first', 'runs', 'from', 'curve', 'purpose'] as const
type Word = typeof names[number]
/** What is done before the steps: nothing, rows begin at their starts, or they go on from `state`. */
export const GO_ON = 0
export const BEGIN = 1
export const RESUME = 2

export interface OrderMemory {
  words: Int32Array
  /** UTF-8 */
  purpose: Uint8Array
}

/** Makes room for orders. @param memory gives so many bytes */
export function createOrders (memory: (bytes: number) => ArrayBufferLike): OrderMemory {
  return { words: new Int32Array(memory(names.length * 4)), purpose: new Uint8Array(memory(MOST_PURPOSE)) }
}

/** What one round is about. */
export interface Order {
  mode: typeof GO_ON | typeof BEGIN | typeof RESUME
  /** rows in the block */
  count: number
  /** steps to make, and steps that were made of these rows before */
  steps: number
  made: number
  /** number of the block's first row, starts of an instance, number of the task's first instance */
  first: number
  runs: number
  from: number
  /** whether points of the curve are wanted */
  curve: boolean
  purpose: string
}

/** Writes an order and begins a round: threads that wait for it wake. */
export function giveOrder ({ words, purpose: text }: OrderMemory, { purpose, curve, ...order }: Order): void {
  const bytes = new TextEncoder().encode(purpose)
  if (bytes.length > MOST_PURPOSE) throw new Error(`A purpose must have at most ${MOST_PURPOSE} bytes, got ${purpose}`)
  text.set(bytes)
  for (const [name, value] of Object.entries({ ...order, purpose: bytes.length, curve: curve ? 1 : 0 })) words[at(name as Word)] = value
  beginRound(words)
}

export function readOrder ({ words, purpose }: OrderMemory): Order {
  const read = (word: Word): number => words[at(word)]!
  return {
    mode: read('mode') as Order['mode'],
    count: read('count'),
    steps: read('steps'),
    made: read('made'),
    first: read('first'),
    runs: read('runs'),
    from: read('from'),
    curve: read('curve') === 1,
    purpose: new TextDecoder().decode(purpose.slice(0, read('purpose')))
  }
}

function at (word: Word): number {
  return names.indexOf(word)
}
