/**
 * Notifications between processes, over one LISTEN connection each. A message only says "look again": nothing is
 * lost when one is, because every listener reads rows. After a reconnect every listener is called with ''.
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

const RECONNECT_MS = 250

/** Opens the bus. It reconnects by itself until it is closed. */
export async function openBus (url: string, onError: (error: Error) => void = () => {}): Promise<Bus> {
  const listeners = new Map<Channel, Set<Listener>>(channels.map(channel => [channel, new Set()]))
  let client: pg.Client | undefined
  let closed = false
  let retry: NodeJS.Timeout | undefined

  function call (channel: Channel, payload: string): void {
    for (const listener of listeners.get(channel) ?? []) listener(payload)
  }

  async function connect (): Promise<void> {
    const fresh = new pg.Client({ connectionString: url, application_name: 'descent-lab bus', keepAlive: true })
    fresh.on('error', onError)
    fresh.on('end', () => { if (!closed && client === fresh) reconnect() })
    fresh.on('notification', message => { call(message.channel as Channel, message.payload ?? '') })
    await fresh.connect()
    for (const channel of channels) await fresh.query(`listen ${channel}`)
    client = fresh
  }

  function reconnect (): void {
    client = undefined
    retry = setTimeout(() => {
      connect().then(() => { channels.forEach(channel => { call(channel, '') }) }, error => {
        onError(error)
        if (!closed) reconnect()
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
      await client?.end()
    }
  }
}
