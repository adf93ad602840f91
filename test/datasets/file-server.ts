/** A server of files as the catalog asks for them, on this machine, that answers as a test wants. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { CatalogFile } from '../../src/datasets/catalog/entry.js'

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** Listens until the test ends. @returns its URL, and the paths that were asked for */
export async function listen (t: TestContext, answers: Record<string, Answer>) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    const answer = answers[request.url!]
    if (answer === undefined) response.writeHead(404).end()
    else answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    if (server.listening) await new Promise(resolve => { server.close(resolve) })
  }
  t.after(close)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close }
}

/** What the catalog knows of a file. */
export function toFile (name: string, bytes: Uint8Array): CatalogFile {
  return { name, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), places: [] }
}
