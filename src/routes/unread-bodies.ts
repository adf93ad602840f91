/**
 * What happens to a body when its request is answered before it was read (401, 413). Hanging up at once would often cost
 * the client the answer, because it is still writing; reading on for ever would let anybody keep the service busy. So
 * the rest is thrown away as it comes, for a moment, and then the connection is cut.
 */
import type { FastifyInstance } from 'fastify'

/** Time for some hundred megabytes on a local network. */
const PATIENCE_MS = 2000

/** Bounds the time for which unread bodies are received. */
export function limitUnreadBodies (app: FastifyInstance): void {
  app.addHook('onResponse', async ({ raw }) => {
    if (raw.complete !== false || raw.destroyed) return // undefined: an injected request
    const timer = setTimeout(() => { raw.destroy() }, PATIENCE_MS)
    raw.once('end', () => { clearTimeout(timer) })
    raw.once('close', () => { clearTimeout(timer) })
    raw.resume()
  })
}
