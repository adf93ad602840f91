/**
 * One process at a time per folder, by a socket named after the folder: an abstract one on Linux, a pipe on Windows,
 * which end with their holder; elsewhere a file that is removed when nobody answers behind it.
 * Plain Node, no dependencies: it runs before they are installed.
 */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

/**
 * Does the work while no other process does work on the same folder.
 * @template T
 * @param {string} folder  must exist
 * @param {(line: string) => void} log  gets a line when another process has to be waited for
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock (folder, log, work) {
  const server = await acquire(await lockAddress(folder), folder, log)
  try {
    return await work()
  } finally {
    await release(server)
  }
}

async function lockAddress (folder) {
  const { dev, ino } = await stat(folder, { bigint: true })
  if (process.platform === 'linux') return `\0descent-lab-setup-${dev}-${ino}`
  const name = createHash('sha256').update(await realpath(folder)).digest('hex').slice(0, 16)
  return process.platform === 'win32' ? `\\\\.\\pipe\\descent-lab-setup-${name}` : path.join(tmpdir(), `descent-lab-setup-${name}.sock`)
}

async function acquire (address, folder, log) {
  let announced = false
  for (;;) {
    const server = await listen(address)
    if (server) return server
    const answered = await untilClosed(address, () => {
      if (!announced) log(`Another process is setting up ${folder}; waiting for it`)
      announced = true
    })
    // Killed, where a socket is a file that stays behind.
    if (!answered && path.isAbsolute(address) && process.platform !== 'win32') rmSync(address, { force: true })
  }
}

function listen (address) {
  return new Promise((resolve, reject) => {
    const server = net.createServer(socket => {
      server.waiting.push(socket)
      socket.on('error', () => {}) // a waiting process was killed
    })
    server.waiting = []
    server.once('error', error => error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error))
    server.listen(address, () => resolve(server))
  })
}

function release (server) {
  for (const socket of server.waiting) socket.destroy()
  return new Promise(resolve => { server.close(resolve) })
}

/** Waits until the holder lets go, by release or by death: both close the connection. @returns whether anybody answered */
function untilClosed (address, onAnswer) {
  return new Promise(resolve => {
    let answered = false
    const socket = net.connect(address, () => {
      answered = true
      onAnswer()
    })
    socket.on('error', () => {}) // the holder ended between listen and connect: 'close' follows
    socket.once('close', () => resolve(answered))
    socket.resume()
  })
}
