/** Trials of nodes and lanes that run in a test, waited for by their rows. */
import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '../../src/storage/database.js'

/** Waits until a question to the database has an answer that is not false, null or undefined. */
export async function until<T> (ask: () => Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    await delay(20)
  }
}

/** Waits until a trial is in a state. */
export async function untilState (db: Database, trialId: string, state: string): Promise<void> {
  await until(async () => (await db.pool.query('select from trial where id = $1 and state = $2', [trialId, state])).rowCount)
}

/** Processes that a process started, with their environment, and whether they are stopped. */
export function childrenOf (parent: number): { pid: number, environment: string, isStopped: boolean }[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(name => {
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8')
      if (!new RegExp(`^PPid:\\s+${parent}$`, 'm').test(status)) return []
      return [{ pid: Number(name), environment: readFileSync(`/proc/${name}/environ`, 'latin1'), isStopped: /^State:\s+T/m.test(status) }]
    } catch {
      return [] // ended while we looked
    }
  })
}
