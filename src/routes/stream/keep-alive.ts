/** Finds sockets whose other end is gone without a word: a cut cable sends no close frame. */
import type { WebSocket } from 'ws'

const PING_EVERY_MS = 15_000
/** A client that is merely slow answers late, behind what it has not read yet: three minutes are enough for that. */
const MOST_UNANSWERED = 12

/** Pings until the socket closes, and ends it when nothing came back for too long. */
export function keepAlive (socket: WebSocket): void {
  let unanswered = 0
  const timer = setInterval(() => {
    if (unanswered++ >= MOST_UNANSWERED) return socket.terminate()
    socket.ping()
  }, PING_EVERY_MS)
  socket.on('pong', () => { unanswered = 0 })
  socket.on('message', () => { unanswered = 0 }) // nothing is expected; whoever speaks is alive
  socket.on('close', () => { clearInterval(timer) })
}
