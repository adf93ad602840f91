/**
 * Notifications between processes, over one LISTEN connection each. A message only says "look again": nothing is
 * lost when one is, because every listener reads rows. After a reconnect every listener is called with ''.
 *
 * A connection that only listens never learns that the other end is gone: it asks now and then whether it still
 * listens, and one that gets no answer is replaced.
 */
import pg from 'pg'

export const channels = ['events', 'trials', 'control', 'queries'] as const
/**
 * events: "<experimentId> <head>" was appended; trials: a trial was queued; control: a trial shall stop;
 * queries: a query ended.
 */
export type Channel = typeof channels[number]
export type Listener = (payload: string) => void

export interface Bus {
  /** Calls the listener at every message. @returns a function that ends it */
  on (channel: Channel, listener: Listener): () => void
  close (): Promise<void>
}

export interface BusOptions {
  /** told about connections that broke or fell silent */
  onError?: (error: Error) => void
  /** how often the connection is asked whether it still listens */
  beatMs?: number
  /** how long it, and a new connection, may take to answer; together with beatMs well under a minute */
  answerMs?: number
}

const RECONNECT_MS = 250
const GOODBYE_MS = 1000

/** Opens the bus. It reconnects by itself until it is closed. */
export async function openBus (url: string, { onError = () => {}, beatMs = 15_000, answerMs = 10_000 }: BusOptions = {}): Promise<Bus> {
  const listeners = new Map<Channel, Set<Listener>>(channels.map(channel => [channel, new Set()]))
  let client: pg.Client | undefined
  let closed = false
  let retry: NodeJS.Timeout | undefined
  let beat: NodeJS.Timeout | undefined

  function call (channel: Channel, payload: string): void {
    for (const listener of listeners.get(channel) ?? []) listener(payload)
  }

  async function connect (): Promise<void> {
    const fresh = new pg.Client({
      connectionString: url, application_name: 'descent-lab bus', keepAlive: true, connectionTimeoutMillis: answerMs, query_timeout: answerMs
    })
    fresh.on('error', onError)
    fresh.on('notification', message => { call(message.channel as Channel, message.payload ?? '') })
    try {
      await fresh.connect()
      for (const channel of channels) await fresh.query(`listen ${channel}`)
      if (closed) throw new Error('The bus was closed')
    } catch (error) {
      void fresh.end()
      throw error
    }
    client = fresh
    fresh.on('end', () => { if (client === fresh) reconnect() })
    watch(fresh)
  }

  /** Asks a connection, for as long as it is the one in use, whether it listens; one that does not say so is ended. */
  function watch (asked: pg.Client): void {
    beat = setTimeout(() => {
      findTrouble(asked).then(trouble => {
        if (client !== asked) return
        if (trouble === undefined) return watch(asked)
        onError(new Error(`The listening connection ${trouble}; a new one is opened`))
        void asked.end()
      }, onError)
    }, beatMs)
  }

  async function findTrouble (asked: pg.Client): Promise<string | undefined> {
    try {
      const { rows: [row] } = await asked.query<{ count: number }>('select count(*)::int from pg_listening_channels()')
      return row?.count === channels.length ? undefined : `must listen to ${channels.length} channels, got ${row?.count}`
    } catch (error) {
      return `must answer within ${answerMs} ms, got ${(error as Error).message}`
    }
  }

  function reconnect (): void {
    client = undefined
    clearTimeout(beat)
    retry = setTimeout(() => {
      connect().then(() => { channels.forEach(channel => { call(channel, '') }) }, error => {
        if (closed) return
        onError(error)
        reconnect()
      })
    }, RECONNECT_MS)
  }

  await connect()
  return {
    on (channel, listener) {
      listeners.get(channel)!.add(listener)
      return () => { listeners.get(channel)!.delete(listener) }
    },
    async close () {
      closed = true
      clearTimeout(retry)
      clearTimeout(beat)
      const last = client
      client = undefined
      // A server that fell silent does not say goodbye either.
      await Promise.race([last?.end(), new Promise(resolve => { setTimeout(resolve, GOODBYE_MS).unref() })])
    }
  }
}
