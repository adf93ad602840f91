/** A thread that has a helper, as the one that reads an upload has; it says when, and goes on for ever. */
import { setImmediate as turn } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { createCores } from '../../../src/datasets/helpers/cores.js'
import { openHelpers } from '../../../src/datasets/helpers/helpers.js'

const helpers = openHelpers({ share: createCores(1, 2).take(), heapMegabytes: 64 })
while (helpers.idle() === undefined) await turn()
parentPort!.postMessage('helped')
for (;;) await turn()
