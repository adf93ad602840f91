/**
 * One node per GPU and machine: two processes of TensorFlow on one card take each other's memory. The lock is an
 * abstract socket named after the card, which ends with its holder; it does not reach into other containers, where the
 * one who gives them their GPUs sees to it.
 */
import { createServer, type Server } from 'node:net'

/**
 * Takes a card for this process.
 * @param uuid the card's own
 * @returns what gives it back; undefined when another process has it
 */
export async function lockGpu (uuid: string): Promise<{ release (): void } | undefined> {
  if (process.platform !== 'linux') return { release () {} }
  const server = await listen(`\0descent-lab-gpu-${uuid}`)
  return server && { release: () => { server.close() } }
}

function listen (address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => { socket.destroy() })
    server.once('error', (error: NodeJS.ErrnoException) => { error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error) })
    server.listen(address, () => {
      server.unref()
      resolve(server)
    })
  })
}
