/**
 * A TCP proxy that can fall silent, as a network does when a firewall forgets a connection or a cable is pulled: both
 * ends go on believing in it, nothing arrives any more, and no error tells anybody.
 */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

export interface SilentProxy {
  port: number
  /** From now on every byte of the connections that are open is swallowed, both ways; new ones are silent too. */
  silence (): void
  /** New connections work again. Those that were silenced stay so: what was swallowed would be missing from them. */
  resume (): void
  /** Ends all connections and stops listening. */
  close (): Promise<void>
}

/** Starts a proxy on a free port of the loopback in front of a port, of the same machine if no host is given. */
export async function startProxy (targetPort: number, targetHost = '127.0.0.1'): Promise<SilentProxy> {
  const pairs = new Set<{ ends: [Socket, Socket], isSilent: boolean }>()
  let isSilent = false

  const server = createServer(client => {
    const pair = { ends: [client, connect(targetPort, targetHost)] as [Socket, Socket], isSilent }
    pairs.add(pair)
    const [near, far] = pair.ends
    for (const [from, to] of [[near, far], [far, near]] as const) {
      from.on('data', bytes => { if (!pair.isSilent) to.write(bytes) })
      from.on('error', () => {}) // 'close' follows
      from.on('close', () => {
        // An end that goes is silence, too: the other one does not hear of it.
        if (!pair.isSilent) to.destroy()
        if (near.destroyed && far.destroyed) pairs.delete(pair)
      })
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })

  return {
    port: (server.address() as AddressInfo).port,
    silence () {
      isSilent = true
      for (const pair of pairs) pair.isSilent = true
    },
    resume () { isSilent = false },
    async close () {
      const closed = new Promise(resolve => server.close(resolve))
      for (const { ends } of pairs) ends.forEach(end => end.destroy())
      await closed
    }
  }
}

/** Puts a proxy that ends with the test in front of what a URL names. @returns the URL by way of the proxy */
export async function proxied (t: Pick<TestContext, 'after'>, url: string): Promise<{ url: string, proxy: SilentProxy }> {
  const { hostname, port } = new URL(url)
  const proxy = await startProxy(Number(port), hostname)
  t.after(async () => { await proxy.close() })
  const changed = new URL(url)
  changed.hostname = '127.0.0.1'
  changed.port = String(proxy.port)
  return { url: changed.href, proxy }
}
