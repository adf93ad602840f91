/** Checkpoints of a model that was never trained: their numbers are nobody's, and differ. */
import type { ModelCheckpoint } from '../../src/influence/bundle.js'
import { openStream } from '../../src/math/random.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import type { Engine } from '../../src/tensor/engine.js'
import { createNetwork } from '../../src/tensor/network.js'

/** Makes two, of steps 10 and 20 under different learning rates. */
export function makeCheckpoints (engine: Engine, architecture: Architecture): ModelCheckpoint[] {
  return [[10, 0.3], [20, 0.1]].map(([step, learningRate]) => {
    const network = createNetwork(engine, architecture, openStream(step!, 'weights'))
    const arrays = network.save()
    network.dispose()
    return { step: step!, learningRate: learningRate!, arrays }
  })
}
