/**
 * Several of our side in one process, a thread each, as an executor runs trials side by side (argument: how many):
 * every one gets each request, and the answer is their mean.
 */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import { createLoadLock } from '../../src/tensor/load-lock.js'

const loadLock = createLoadLock()
const workers = Array.from({ length: Number(process.argv[2]) }, () => new Worker(new URL('ours.js', import.meta.url), { workerData: { loadLock } }))
const [hello] = await Promise.all(workers.map(async worker => (await once(worker, 'message'))[0]))
process.stdout.write(`${JSON.stringify(hello)}\n`)
for await (const line of createInterface({ input: process.stdin })) {
  const answers = workers.map(async worker => (await once(worker, 'message'))[0] as { ms: number })
  for (const worker of workers) worker.postMessage(JSON.parse(line))
  const ms = (await Promise.all(answers)).map(answer => answer.ms)
  process.stdout.write(`${JSON.stringify({ ms: ms.reduce((sum, value) => sum + value) / ms.length })}\n`)
}
process.exit(0)
