/** The thread of one member of a test's crew: see crew.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { breakCrew } from '../../src/jobs/crew.js'
import { joinCrew } from '../../src/jobs/crew-thread.js'

const failure = await joinCrew(workerData.task)
if (failure !== undefined) {
  breakCrew(workerData.task.words) // here, for the test's own thread may sleep at a barrier
  parentPort!.postMessage(failure)
}
