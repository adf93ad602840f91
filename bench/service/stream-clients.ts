/**
 * The clients of streams.ts: opens sockets, says so, and says how long events took to them.
 * Arguments: the URL, a key, how many sockets, how many events each gets.
 */
import { WebSocket } from 'ws'

const [url = '', key = '', sockets = '1', events = '1'] = process.argv.slice(2)
const latencies: number[] = []
const now = (): number => performance.timeOrigin + performance.now()
let [opened, left, first] = [0, Number(sockets) * Number(events), Infinity]

for (let i = 0; i < Number(sockets); i++) {
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${key}` } })
  socket.on('error', error => { throw error })
  socket.on('message', data => {
    const frame = JSON.parse(String(data)) as { type: string, data?: { values: { sentAt: number } } }
    if (frame.type === 'hello' && ++opened === Number(sockets)) process.send!('open')
    if (frame.data === undefined) return
    first = Math.min(first, frame.data.values.sentAt)
    latencies.push(now() - frame.data.values.sentAt)
    if (--left > 0) return
    latencies.sort((a, b) => a - b)
    const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!
    process.send!({ seconds: (now() - first) / 1000, p50Ms: at(0.5), p99Ms: at(0.99) }, () => { process.exit() })
  })
}
