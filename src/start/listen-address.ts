/** The address that the API listens on: whether it can be had, and what to do when not. */
import net from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { OperatorError } from '../errors.js'

/** An earlier service that was killed lets go of its port within this time. */
const patienceMs = 1_500

/**
 * Says early and in one sentence what `serve` would only find later.
 * @throws OperatorError when the address cannot be listened on
 */
export async function checkAddress (host: string, port: number): Promise<void> {
  for (const deadline = Date.now() + patienceMs; ; await delay(100)) {
    const code = await probePort(host, port).then(() => undefined, (error: NodeJS.ErrnoException) => error.code ?? error.message)
    if (code === undefined) return
    if (code === 'EADDRINUSE' && Date.now() < deadline) continue
    throw new OperatorError(explainListenError(code, host, port))
  }
}

/** Says what to do when an address cannot be listened on. @param code of the system's error */
export function explainListenError (code: string, host: string, port: number): string {
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is taken by another program: stop that one, or choose another port, as in PORT=${port + 1} npm start`
  if (code === 'EACCES') return `Port ${port} may not be used by this user: choose one above 1023 with PORT=`
  return `HOST ${host} is not an address of this machine (${code}): use 127.0.0.1 for this machine only, 0.0.0.0 for all of its addresses`
}

/** Tells whether only this machine reaches the address. */
export function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** Listens for a moment. @param port 0 takes a free one @returns the port @throws the system's error when it is taken */
export function probePort (host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen(port, host, () => {
      const { port: taken } = server.address() as net.AddressInfo
      server.close(() => resolve(taken))
    })
  })
}
