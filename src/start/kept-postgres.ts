/** Keeps the embedded PostgreSQL of `start` running: starts it again when it ends by itself. */
import { setTimeout as delay } from 'node:timers/promises'
import { startPostgres, type EmbeddedPostgres } from './embedded-postgres.js'

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
  /** ends the waiting of the first start */
  signal?: AbortSignal
  /** how long a server that ended is tried to be started again; default half a minute */
  patienceMs?: number
}

/** Writers try for a minute before they give a trial up: whatever passes in half of that has cost nothing. */
const defaultPatienceMs = 30_000
const pauseMs = 1_000

/**
 * Starts the server of the folder and keeps it running until stop().
 * @throws OperatorError when it does not come up the first time
 */
export async function keepPostgres (options: KeptPostgresOptions): Promise<KeptPostgres> {
  const { dataDir, print, patienceMs = defaultPatienceMs } = options
  const stopping = new AbortController()
  let server = await startPostgres(dataDir, { log: print, ...(options.signal ? { signal: options.signal } : {}) })
  let restart: Promise<void> | undefined
  watch()

  function watch (): void {
    void server.ended.then(reason => {
      if (!stopping.signal.aborted) restart = startAgain(reason).catch(giveUp)
    })
  }

  async function startAgain (reason: string): Promise<void> {
    print(`PostgreSQL ended (${reason}); starting it again`)
    const { url } = server
    server = await tryUntil(Date.now() + patienceMs)
    if (server.url !== url) options.onMoved()
    watch()
  }

  /** What keeps a server from starting may pass, be it a port that is taken for a moment or a disk that is full. */
  async function tryUntil (deadline: number): Promise<EmbeddedPostgres> {
    for (;;) {
      try {
        return await startPostgres(dataDir, { log: print, signal: stopping.signal })
      } catch (error) {
        if (stopping.signal.aborted || Date.now() > deadline) throw error
        print(`${(error as Error).message.split('\n')[0]}\nTrying again`)
        await delay(pauseMs, undefined, { signal: stopping.signal })
      }
    }
  }

  function giveUp (error: Error): void {
    if (!stopping.signal.aborted) options.onFailure(error)
  }

  async function stop (): Promise<void> {
    stopping.abort()
    await restart
    await server.stop()
  }

  return { url: () => server.url, stop }
}
