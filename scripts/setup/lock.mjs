/**
 * One process at a time per folder, by the abstract socket named after the folder: the kernel frees it when its
 * holder dies, so nothing stale can remain. Linux only. Plain Node, no dependencies.
 */
import { stat } from 'node:fs/promises'
import net from 'node:net'

/**
 * Does the work while no other process does work on the same folder.
 * @template T
 * @param {string} folder  must exist
 * @param {(line: string) => void} log  gets a line when another process has to be waited for
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock (folder, log, work) {
  const { dev, ino } = await stat(folder)
  const name = `\0descent-lab-setup-${dev}-${ino}`
  const server = await acquire(name, log)
  try {
    return await work()
  } finally {
    await release(server)
  }
}

async function acquire (name, log) {
  let told = false
  for (;;) {
    const server = await listen(name)
    if (server) return server
    if (!told) log('Another process is setting up the same cache folder; waiting for it')
    told = true
    await untilClosed(name)
  }
}

function listen (name) {
  return new Promise((resolve, reject) => {
    const server = net.createServer(socket => {
      server.waiting.push(socket)
      socket.on('error', () => {}) // a waiting process was killed
    })
    server.waiting = []
    server.once('error', error => error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error))
    server.listen(name, () => resolve(server))
  })
}

function release (server) {
  for (const socket of server.waiting) socket.destroy()
  return new Promise(resolve => { server.close(resolve) })
}

/** Waits until the holder lets go, by release or by death: either closes the connection. */
function untilClosed (name) {
  return new Promise(resolve => {
    const socket = net.connect(name)
    socket.on('error', () => {}) // the holder ended between listen and connect: 'close' follows
    socket.once('close', resolve)
    socket.resume()
  })
}
