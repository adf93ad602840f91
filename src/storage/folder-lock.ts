/**
 * Locks by name in a folder, each held by one process of this machine and gone with it, however it ends: an abstract
 * socket on Linux, a pipe on Windows, elsewhere a file that is taken over when nobody answers behind it. Processes with
 * a network namespace of their own (containers on one volume) do not see each other's.
 */
import { createHash } from 'node:crypto'
import { realpathSync, rmSync, statSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface FolderLock { release (): Promise<void> }

/** A holder that is just ending stops answering before it lets go. */
const ATTEMPTS = 20
/** How long a holder may take to say who it is; one that is stopped holds its lock and says nothing. */
const PATIENCE_MS = 2000

/**
 * Takes a lock, until release() or the end of this process.
 * @param name  at most 32 characters: an address has 107 bytes
 * @returns undefined when another process holds it, or this one already does
 */
export async function tryLock (folder: string, name: string): Promise<FolderLock | undefined> {
  const address = addressOf(folder, name)
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const server = await listen(address)
    if (server) return { release: () => new Promise(resolve => { server.close(() => resolve()) }) }
    if (await connects(address)) return undefined
    // It ended since, or it was killed where a socket is a file that stays behind.
    if (process.platform !== 'linux' && process.platform !== 'win32') rmSync(address, { force: true })
    await delay(50)
  }
  return undefined
}

/** Tells whether somebody holds a lock. */
export async function isLocked (folder: string, name: string): Promise<boolean> {
  return await connects(addressOf(folder, name))
}

/** Asks who holds a lock. @returns its process id; undefined when nobody says so in time */
export function askHolder (folder: string, name: string): Promise<string | undefined> {
  return new Promise(resolve => {
    let answer = ''
    const socket = net.connect(addressOf(folder, name))
    socket.setTimeout(PATIENCE_MS, () => { socket.destroy() })
    socket.on('data', chunk => { answer += chunk.toString() })
    socket.on('error', () => {}) // 'close' follows
    socket.once('close', () => resolve(answer || undefined))
  })
}

/** Named after the folder itself, so that no other path to it gets past the lock. */
function addressOf (folder: string, name: string): string {
  const { dev, ino } = statSync(folder, { bigint: true })
  if (process.platform === 'linux') return `\0descent-lab-${name}-${dev}-${ino}`
  const hash = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 16)
  return process.platform === 'win32' ? `\\\\.\\pipe\\descent-lab-${name}-${hash}` : path.join(tmpdir(), `descent-lab-${name}-${hash}.sock`)
}

/** Takes the address; whoever connects is told this process's id. @returns undefined when it is taken */
function listen (address: string): Promise<net.Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer(socket => {
      socket.on('error', () => {}) // whoever asked has gone
      socket.end(String(process.pid))
    })
    server.once('error', (error: NodeJS.ErrnoException) => error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error))
    server.listen(address, () => {
      server.unref()
      resolve(server)
    })
  })
}

/** The system takes a connection for its process, also while that is busy or stopped. */
function connects (address: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect(address, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EAGAIN')) // so many ask that some must wait
  })
}
