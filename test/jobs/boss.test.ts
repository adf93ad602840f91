/** Queues that are worked until they are empty, whatever happens to announcements, jobs and connections. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { PgBoss } from 'pg-boss'
import { openBoss, workQueue, type BossOptions } from '../../src/jobs/boss.js'
import { openTestDatabase } from '../helpers/database.js'
import { proxied } from '../helpers/silent-proxy.js'

/** Nothing that is announced waits for the poll. */
const NEVER_SECONDS = 3600
const PATIENCE_MS = 120_000

async function open (t: TestContext, url: string, options: Partial<BossOptions> = {}): Promise<PgBoss> {
  const boss = await openBoss(url, { onError: () => {}, ...options })
  t.after(async () => { await boss.stop({ graceful: false }) })
  return boss
}

/** A promise that somebody else settles. */
function handle (): { promise: Promise<void>, resolve: () => void } {
  let settle = (): void => {}
  const promise = new Promise<void>(resolve => { settle = resolve })
  return { promise, resolve: settle }
}

test('workQueue: sixty jobs at once are all done without a poll', { timeout: PATIENCE_MS }, async t => {
  const boss = await open(t, (await openTestDatabase(t)).url)
  const done = new Set<number>()
  const { promise, resolve } = handle()
  await workQueue<{ n: number }>(boss, 'report', async ({ data: { n } }) => {
    await delay(1)
    if (done.add(n).size === 60) resolve()
  }, NEVER_SECONDS)
  await Promise.all(Array.from({ length: 60 }, async (_, n) => { await boss.send('report', { n }) }))
  await promise
})

test('workQueue: a job that failed is done again when its time has come, announced or not', { timeout: PATIENCE_MS }, async t => {
  const boss = await open(t, (await openTestDatabase(t)).url)
  let tries = 0
  const { promise, resolve } = handle()
  await workQueue(boss, 'report', async () => {
    if (++tries < 3) throw new Error('not yet')
    resolve()
  })
  await boss.send('report', {})
  await promise
  assert.equal(tries, 3)
})

test('workQueue: goes on when the connections of its process died without a word', { timeout: PATIENCE_MS }, async t => {
  const { url } = await openTestDatabase(t)
  const sender = await open(t, url)
  const { url: byProxy, proxy } = await proxied(t, url)
  const done: unknown[] = []
  const news = [handle(), handle()] as const
  const worker = await open(t, byProxy, { answerMs: 2000 })
  await workQueue<{ n: 0 | 1 }>(worker, 'report', async ({ data: { n } }) => {
    done.push(n)
    news[n].resolve()
  })
  await sender.send('report', { n: 0 })
  await news[0].promise
  proxy.silence()
  proxy.resume()
  await sender.send('report', { n: 1 })
  await news[1].promise
  assert.deepEqual(done.slice(0, 2), [0, 1])
})
