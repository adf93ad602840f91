/** What `bench:leader` trains: the same by name in leader/peer.py. */

/** Examples of a worker's step. */
export const BATCH = 128
/** Steps between exchanges. */
export const TAU = 16

export interface Net {
  name: string
  /** of the spec */
  network: object
  /** of a worker, in a measurement: the second half of them is timed */
  steps: number
  /** of the samples per second of one worker with one thread */
  aim: number
}

const conv = (filters: number) => ({ type: 'conv', filters, kernel: 3, padding: 'same' })

export const nets: Net[] = [
  { name: 'mlp 784-256-10', network: { type: 'mlp', hidden: [256] }, steps: 64 * TAU, aim: 1.6 },
  {
    name: 'cnn 32-64-128',
    network: { type: 'cnn', layers: [conv(32), { type: 'max-pool' }, conv(64), { type: 'max-pool' }, { type: 'dense', units: 128 }] },
    steps: 4 * TAU,
    aim: 1.4
  }
]
