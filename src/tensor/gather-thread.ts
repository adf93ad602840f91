/** A thread that gathers the rows of the next block while steps run on this one. Its other side is gatherer.ts. */
import { workerData } from 'node:worker_threads'
import { gatherRowsInto, serve, type GatherTask } from './gatherer.js'

const { source, width, control, indices, slot } = workerData as GatherTask
serve({ control, indices }, wanted => { gatherRowsInto(source, width, wanted, slot) })
