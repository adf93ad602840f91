/**
 * A TCP proxy before a PostgreSQL that can fall silent: from then on it swallows what both ends of a connection send and
 * closes nothing, as a firewall does that has forgotten a connection.
 */
import { once } from 'node:events'
import net from 'node:net'
import type { TestContext } from 'node:test'

export interface Proxy {
  /** the database's URL through the proxy */
  url: string
  /** Silences the connections whose application_name it is. @returns how many there were */
  silence: (applicationName: string) => number
  /** How many connections with this application_name were opened so far. */
  opened: (applicationName: string) => number
}

interface Connection { name: string, isSilent: boolean, isOpen: boolean }

/** Opens a proxy that goes with the test. */
export async function openProxy (t: TestContext, databaseUrl: string): Promise<Proxy> {
  const target = new URL(databaseUrl)
  const connections: Connection[] = []
  const sockets = new Set<net.Socket>()
  const server = net.createServer(near => {
    const far = net.connect(Number(target.port), target.hostname)
    const connection: Connection = { name: '', isSilent: false, isOpen: true }
    connections.push(connection)
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from)
      from.on('data', bytes => {
        connection.name ||= applicationName(bytes)
        if (!connection.isSilent) to.write(bytes)
      })
      from.on('error', () => {}) // 'close' follows
      from.on('close', () => {
        sockets.delete(from)
        connection.isOpen = false
        if (!connection.isSilent) to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as net.AddressInfo).port)
  const named = (name: string): Connection[] => connections.filter(connection => connection.name === name)
  return {
    url: url.href,
    silence: name => {
      const chosen = named(name).filter(connection => connection.isOpen)
      for (const connection of chosen) connection.isSilent = true
      return chosen.length
    },
    opened: name => named(name).length
  }
}

/** Reads the name from a client's first message, which is a list of names and values that end with a zero. */
function applicationName (bytes: Buffer): string {
  return /application_name\0([^\0]*)\0/.exec(bytes.toString('latin1'))?.[1] ?? 'none'
}
