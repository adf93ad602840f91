/** Keeps the embedded PostgreSQL of `start` running: starts it again when it ends by itself. */
import { setTimeout as delay } from 'node:timers/promises'
import { startPostgres, type EmbeddedPostgres } from './storage/embedded-postgres.js'

export interface KeptPostgres {
  /** connection string of the server that runs now */
  url (): string
  stop (): Promise<void>
}

export interface KeptPostgresOptions {
  dataDir: string
  print (line: string): void
  /** the port was taken meanwhile: clients must be told the new address */
  onMoved (): void
  /** it does not come up again */
  onFailure (error: Error): void
}

/**
 * After a kill -9 the new server must wait until the last process of the old one has gone: at once as a rule, but one that
 * is writing to a busy disk looks up only when it is done.
 */
const patienceMs = 60_000
const pauseMs = 250

/**
 * Starts the server of the folder and keeps it running until stop().
 * @throws OperatorError when it does not come up the first time
 */
export async function keepPostgres (options: KeptPostgresOptions): Promise<KeptPostgres> {
  const { dataDir, print } = options
  let isStopping = false
  let server = await startAgain(dataDir, print)
  watch()

  function watch (): void {
    server.ended.then(async reason => {
      if (isStopping) return
      print(`PostgreSQL ended (${reason}); starting it again`)
      const { url } = server
      server = await startAgain(dataDir, print)
      if (isStopping) return server.stop()
      if (server.url !== url) options.onMoved()
      watch()
    }).catch(options.onFailure)
  }

  async function stop (): Promise<void> {
    isStopping = true
    await server.stop()
  }

  return { url: () => server.url, stop }
}

async function startAgain (dataDir: string, print: (line: string) => void): Promise<EmbeddedPostgres> {
  for (const giveUp = Date.now() + patienceMs; ;) {
    try {
      return await startPostgres(dataDir, { log: print })
    } catch (error) {
      if (Date.now() > giveUp || !/shared memory block is still in use/.test((error as Error).message)) throw error
      await delay(pauseMs)
    }
  }
}
