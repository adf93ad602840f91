/** The thread of a member of a crew of `bench:leader`. */
import { workerData } from 'node:worker_threads'
import { joinCrew } from '../../src/jobs/crew-thread.js'

const failure = await joinCrew(workerData.task)
if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`)
