/**
 * The stream of a running service: points per second from yield to socket, and how long an event takes to each of 300
 * sockets. The events are appended as a recorder does it, by the process that calls; the clients are a process of their own,
 * so that neither takes the other's time.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { withTransaction, type Database } from '../../src/storage/database.js'
import { appendEvents, type NewEvent } from '../../src/storage/events.js'
import type { Case } from '../record.js'
import { summarise } from '../record.js'

/** What the cases need of a service that runs. */
export interface Subject {
  /** http://host:port */
  url: string
  /** a key that may read the experiments */
  key: string
  db: Database
  /** makes an experiment with one trial, queued */
  makeExperiment: () => Promise<{ experimentId: string, trialId: string }>
}

/** What one set of clients measured. */
export interface Heard { seconds: number, p50Ms: number, p99Ms: number }

const EVENTS = 60_000
const VALUES = 4
/** Events of one transaction: what a recorder has gathered while the batch before was written. */
const BATCH = 200
const SOCKETS = 300
const FAN_OUT_EVENTS = 200
const REPETITIONS = 3
const clients = fileURLToPath(new URL('stream-clients.js', import.meta.url))

/** Measures both. */
export async function measureStreams (subject: Subject): Promise<Case[]> {
  const [rates, single, many]: [number[], Heard[], Heard[]] = [[], [], []]
  for (let i = 0; i < REPETITIONS; i++) {
    const heard = await run(subject, 1, EVENTS, async (...ids) => { await write(subject.db, ...ids, EVENTS, BATCH) })
    rates.push(EVENTS * VALUES / heard.seconds)
    single.push(await run(subject, 1, FAN_OUT_EVENTS, async (...ids) => { await writeSlowly(subject.db, ...ids) }))
    many.push(await run(subject, SOCKETS, FAN_OUT_EVENTS, async (...ids) => { await writeSlowly(subject.db, ...ids) }))
  }
  return [
    {
      name: 'yield to socket', unit: 'points/s', better: 'higher', ours: summariseRate(rates), peer: null, aim: 20_000, also: { 'events/s': summariseRate(rates.map(rate => rate / VALUES)) }
    },
    {
      name: `fan-out to ${SOCKETS} sockets, p99`,
      unit: 'ms',
      better: 'lower',
      ours: summarise(many.map(heard => heard.p99Ms)),
      peer: null,
      aim: 250,
      also: { p50: summarise(many.map(heard => heard.p50Ms)), 'one socket, p99': summarise(single.map(heard => heard.p99Ms)) }
    }
  ]
}

/** The best of a rate is the highest; `min` holds the best of every case. */
function summariseRate (rates: number[]) {
  const { median } = summarise(rates)
  return { min: Math.max(...rates), median }
}

/** Opens sockets in another process, writes, and waits until each socket has had every event. */
async function run (
  subject: Subject, sockets: number, events: number, work: (experimentId: string, trialId: string) => Promise<void>
): Promise<Heard> {
  const { experimentId, trialId } = await subject.makeExperiment()
  const url = `${subject.url.replace('http', 'ws')}/v1/experiments/${experimentId}/events?type=metrics`
  const child = fork(clients, [url, subject.key, String(sockets), String(events)])
  const exited = once(child, 'exit') // from now on: it may come together with the last message
  await answer(child, exited) // all are open
  const heard = answer(child, exited) as Promise<Heard>
  await work(experimentId, trialId)
  const result = await heard
  await exited
  return result
}

async function answer (child: ChildProcess, exited: Promise<unknown[]>): Promise<unknown> {
  const died = exited.then(([code]) => { throw new Error(`The clients ended with ${code}`) })
  const [message] = await Promise.race([once(child, 'message'), died])
  return message
}

/** As fast as the database takes them; `sentAt` is when the trial yielded. */
async function write (db: Database, experimentId: string, trialId: string, count: number, batch: number): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    const sentAt = performance.timeOrigin + performance.now()
    const events: NewEvent[] = Array.from({ length: Math.min(batch, count - from) }, (_, i) => ({
      trialId, ordinal: from + i, type: 'metrics', data: { step: from + i, values: { 'train.loss': 1 / (from + i + 1), 'train.accuracy': 0.5, 'test.loss': 0.25, sentAt } }
    }))
    await withTransaction(db.pool, async client => { await appendEvents(client, experimentId, events) })
  }
}

/** One event after the other, 50 a second: a training that is watched. */
async function writeSlowly (db: Database, experimentId: string, trialId: string): Promise<void> {
  for (let i = 0; i < FAN_OUT_EVENTS; i++) {
    await write(db, experimentId, trialId, 1, 1)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
