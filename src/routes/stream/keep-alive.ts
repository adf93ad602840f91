/** Finds clients whose other end is gone without a word, or never reads: a cut cable sends no close frame. */
import type { ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'

export interface Patience {
  pingEveryMs: number
  /**
   * How long a client may give no sign of life. One that is merely slow answers late, behind what it has not read yet:
   * three minutes are enough for that.
   */
  patienceMs: number
}

/** Pings until the socket closes, and cuts it when nothing came back for too long. */
export function keepAlive (socket: WebSocket, { pingEveryMs, patienceMs }: Patience): void {
  const maxUnanswered = Math.ceil(patienceMs / pingEveryMs)
  let unanswered = 0
  const timer = setInterval(() => {
    if (unanswered++ >= maxUnanswered) return socket.terminate()
    socket.ping()
  }, pingEveryMs)
  socket.on('pong', () => { unanswered = 0 })
  socket.on('message', () => { unanswered = 0 }) // nothing is expected; whoever speaks is alive
  socket.on('close', () => { clearInterval(timer) })
}

/**
 * Cuts an event stream whose client has taken nothing for too long. Node counts every byte that leaves as a sign of
 * life, and a quiet stream sends a head more often than that.
 */
export function cutWhenStalled (response: ServerResponse, { patienceMs }: Pick<Patience, 'patienceMs'>): void {
  response.setTimeout(patienceMs, () => { response.destroy() })
}
