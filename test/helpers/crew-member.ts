/** The thread of one member of a test's crew: see crew.ts. */
import { workerData } from 'node:worker_threads'
import { joinCrew } from '../../src/jobs/crew-thread.js'

await joinCrew(workerData.task)
