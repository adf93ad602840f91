/** A helper's thread that ends as soon as it is asked something, as one that is killed does. */
import { parentPort } from 'node:worker_threads'

parentPort!.on('message', () => process.exit(3))
parentPort!.postMessage({ isReady: true })
