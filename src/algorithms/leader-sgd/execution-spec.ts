/** How the workers of a trial are run. */
import { Type, type Static } from '../../schema/type.js'
import { closed, taggedUnion } from '../../choices.js'

/** Schema of the execution field. */
export const Execution = taggedUnion([
  Type.Object({
    type: Type.Literal('simulated', { description: 'One thread; steps and exchanges take simulated time: the same numbers on every machine, also in mode async' }),
    speedSpread: Type.Number({ minimum: 0, maximum: 2, default: 0, description: 'Deviation of the logarithm of a worker’s speed, drawn once for each worker' }),
    jitter: Type.Number({ minimum: 0, maximum: 2, default: 0, description: 'Deviation of the logarithm of the duration of a single step' }),
    latency: Type.Number({ minimum: 0, maximum: 10_000, default: 0, description: 'What an exchange takes however little is sent (unit: mean steps)' }),
    transfer: Type.Number({ minimum: 0, maximum: 10_000, default: 0, description: 'What it takes to send all weights of a worker once (unit: mean steps)' })
  }, closed),
  Type.Object({
    type: Type.Literal('parallel', { description: 'A crew of threads that share memory; in mode async numbers depend on who comes first' }),
    threads: Type.Integer({ minimum: 1, maximum: 16, default: 2, description: 'Threads, each with its share of the workers in fixed order; never more than workers' })
  }, closed)
], { default: { type: 'simulated' }, description: 'How the workers are run' })
export type Execution = Static<typeof Execution>
